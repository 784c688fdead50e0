// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what devices did wrong, but not more than some lines a second: an attacker does not fill the disk. Any thread. */
final class ViolationLog {
    private static final Logger LOG = LoggerFactory.getLogger(ViolationLog.class);
    private static final int LINES_PER_SECOND = 10;
    private static final AtomicLong WINDOW = new AtomicLong();

    private ViolationLog() {}

    static void log(Channel channel, String clientId, ReasonCode reason, String detail) {
        if (!hasRoom()) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("clientId", printable(clientId))
                .addKeyValue("peer", channel.remoteAddress())
                .addKeyValue("reasonCode", reason)
                .addKeyValue("detail", printable(detail))
                .log("connection closed for what the device sent");
    }

    /** Counts lines in the lower half and holds the second they belong to in the upper. */
    private static boolean hasRoom() {
        long second = System.nanoTime() / 1_000_000_000L & 0x7FFF_FFFFL;
        long window = WINDOW.updateAndGet(before -> before >>> 32 == second ? before + 1 : second << 32 | 1);
        return (window & 0xFFFF_FFFFL) <= LINES_PER_SECOND;
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().limit(256).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
