// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

/** Bounds how many bytes of requests are in memory at once, over all connections. Only the event loop uses it. */
final class BodyRoom {
    private final long most;
    private long held;

    BodyRoom(long most) {
        this.most = most;
    }

    /** Whether there is room; it is taken then. */
    boolean take(int bytes) {
        if (held + bytes > most) {
            return false;
        }
        held += bytes;
        return true;
    }

    void giveBack(int bytes) {
        held -= bytes;
    }
}
