// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.AddressBlock;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what devices did wrong and which limits struck, but not more than some lines a second: an attacker does not fill
 * the disk. What devices sent is printed without control characters. Any thread.
 */
public final class DeviceLog {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceLog.class);
    private static final int LONGEST = 256;
    private static final LineRate CONNECTIONS = new LineRate(10);
    private static final LineRate MESSAGES = new LineRate(10);
    private static final LineRate FAULTS = new LineRate(10);

    private DeviceLog() {}

    /** A connection is closed for what came on it, or did not come. */
    public static void closed(@Nullable SocketAddress peer, String clientId, ReasonCode reason, String detail) {
        line("connection closed for what the device sent", peer, clientId, reason, detail);
    }

    /** Something a device sent is refused, and its connection stays. */
    public static void refused(@Nullable SocketAddress peer, String clientId, ReasonCode reason, String detail) {
        line("refused what the device sent", peer, clientId, reason, detail);
    }

    private static void line(
            String what, @Nullable SocketAddress peer, String clientId, ReasonCode reason, String detail) {
        if (CONNECTIONS.hasRoom(System.nanoTime())) {
            LOG.atInfo()
                    .addKeyValue("clientId", printable(clientId))
                    .addKeyValue("peer", peer)
                    .addKeyValue("reasonCode", reason)
                    .addKeyValue("detail", printable(detail))
                    .log(what);
        }
    }

    /** The queue of a device is full. */
    static void full(ClientId clientId) {
        if (MESSAGES.hasRoom(System.nanoTime())) {
            LOG.atInfo()
                    .addKeyValue("clientId", printable(clientId.value()))
                    .addKeyValue("reasonCode", ReasonCode.QUOTA_EXCEEDED)
                    .log("as many messages wait for the device as may");
        }
    }

    /** There is no room for a Retained Message. */
    static void notRetained(Message message) {
        if (MESSAGES.hasRoom(System.nanoTime())) {
            LOG.atInfo()
                    .addKeyValue("topicName", printable(message.topic().value()))
                    .addKeyValue("reasonCode", ReasonCode.QUOTA_EXCEEDED)
                    .log("no room for another Retained Message");
        }
    }

    /** A will may not be published any longer. */
    static void notAllowed(Message will) {
        if (MESSAGES.hasRoom(System.nanoTime())) {
            LOG.atInfo()
                    .addKeyValue("topicName", printable(will.topic().value()))
                    .addKeyValue("reasonCode", ReasonCode.NOT_AUTHORIZED)
                    .log("a will is not published: its device may not any longer");
        }
    }

    /** Of somebody more is known than is stored with a session. */
    static void knownTooWell(long characters, int most) {
        if (CONNECTIONS.hasRoom(System.nanoTime())) {
            LOG.atWarn()
                    .addKeyValue("characters", characters)
                    .addKeyValue("most", most)
                    .log("the roles and attributes of a user are too long to be stored: his session has none of them"
                            + " between a restart and his next login");
        }
    }

    /** An address is banned for failed logins. */
    public static void banned(AddressBlock address, long forMillis) {
        if (CONNECTIONS.hasRoom(System.nanoTime())) {
            LOG.atWarn()
                    .addKeyValue("address", address)
                    .addKeyValue("seconds", forMillis / 1_000)
                    .log("too many logins from an address failed, which is banned");
        }
    }

    /** A Client Identifier is banned at an address for coming and going. */
    public static void flapping(String clientAtAddress, long forMillis) {
        if (CONNECTIONS.hasRoom(System.nanoTime())) {
            LOG.atWarn()
                    .addKeyValue("clientAtAddress", printable(clientAtAddress))
                    .addKeyValue("seconds", forMillis / 1_000)
                    .log("a device connects and is gone again, over and over, and is banned where it comes from");
        }
    }

    /** A rule that cannot be asked allows nothing. */
    static void ruleFailed(RuntimeException failure) {
        if (FAULTS.hasRoom(System.nanoTime())) {
            LOG.atError().setCause(failure).log("an access rule failed, and so denies");
        }
    }

    /** Something failed on a connection that should not have, whatever the device sent. */
    public static void fault(@Nullable SocketAddress peer, Throwable cause) {
        if (FAULTS.hasRoom(System.nanoTime())) {
            LOG.atError().setCause(cause).addKeyValue("peer", peer).log("a fault of our own costs a connection");
        }
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}
