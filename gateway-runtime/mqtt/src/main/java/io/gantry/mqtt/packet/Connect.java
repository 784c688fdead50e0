// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device introduces itself [5.0 §3.1].
 *
 * @param clientId as sent, so perhaps empty
 * @param cleanStart 3.1.1 calls it Clean Session
 * @param keepAliveSeconds 0 to 65,535; 0 asks for none
 * @param will what to publish when the connection ends other than by a clean DISCONNECT
 * @param password never printed
 * @param bridge whether Mosquitto's private mark of a bridge was set: what it publishes does not come back to it
 */
public record Connect(
        ProtocolVersion version,
        String clientId,
        boolean cleanStart,
        int keepAliveSeconds,
        @Nullable Will will,
        @Nullable String username,
        @Nullable Payload password,
        Properties properties,
        boolean bridge)
        implements Packet {

    /** The same of a Mosquitto bridge. */
    public Connect ofBridge() {
        return new Connect(version, clientId, cleanStart, keepAliveSeconds, will, username, password, properties, true);
    }

    /** The same of a device that has proved to be the one with this user name. */
    public Connect provedBy(@Nullable String provedName) {
        return new Connect(
                version, clientId, cleanStart, keepAliveSeconds, will, provedName, password, properties, bridge);
    }

    /**
     * The properties of CONNECT [5.0 §3.1.2.11].
     *
     * @param sessionExpirySeconds 0 to 4,294,967,295, the last meaning never; for 3.1.1 it follows from Clean Session
     * @param receiveMaximum 1 to 65,535
     * @param maximumPacketSize 1 to 268,435,460; the highest when the device set no limit
     * @param topicAliasMaximum 0 to 65,535
     */
    public record Properties(
            long sessionExpirySeconds,
            int receiveMaximum,
            int maximumPacketSize,
            int topicAliasMaximum,
            boolean requestResponseInformation,
            boolean requestProblemInformation,
            @Nullable String authenticationMethod,
            @Nullable Payload authenticationData,
            List<UserProperty> userProperties) {

        /** The largest packet MQTT can express: 5 bytes of fixed header and 268,435,455 bytes after it. */
        public static final int NO_PACKET_LIMIT = 268_435_460;

        /** A Session Expiry Interval that never ends. */
        public static final long NEVER = 0xFFFF_FFFFL;

        /** What a 3.1.1 device has: its session ends with the connection when clean, else never. */
        public static Properties of311(boolean cleanSession) {
            return new Properties(
                    cleanSession ? 0 : NEVER, 65_535, NO_PACKET_LIMIT, 0, false, false, null, null, List.of());
        }

        public Properties {
            userProperties = List.copyOf(userProperties);
        }
    }

    @Override
    public PacketType type() {
        return PacketType.CONNECT;
    }
}
