// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.concurrent.TimeUnit;

/**
 * How many messages one socket may still send to its server. CoAP tells messages apart by 16 bits, and none may be used
 * again while the server may remember it: it would take a new message for an old one, and answer without looking at it.
 * Not thread-safe.
 */
final class MessageIds {
    /** As long as a server may remember a message (RFC 7252 §4.8.2, EXCHANGE_LIFETIME), and a little. */
    static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(250);

    /** A few fewer than there are. */
    static final int MOST = 60_000;

    private int used;
    private long lastNanos;

    /** Takes some, if there are so many; all come back when the last of them has been forgotten. */
    boolean take(int count, long nowNanos) {
        if (used > 0 && nowNanos - lastNanos > REMEMBERED_NANOS) {
            used = 0;
        }
        if (used > 0 && used + count > MOST) {
            return false;
        }
        used += count;
        lastNanos = nowNanos;
        return true;
    }
}
