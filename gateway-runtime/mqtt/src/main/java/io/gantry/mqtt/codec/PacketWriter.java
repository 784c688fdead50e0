// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import io.gantry.mqtt.packet.SubAck;
import io.gantry.mqtt.packet.UnsubAck;
import java.util.List;
import java.util.function.Consumer;

/** Describes what follows the fixed header in each packet a server sends. */
final class PacketWriter {

    private static final int FAILURE_311 = 0x80;

    private static final int NO_RETURN_CODE = -1;

    private PacketWriter() {}

    /** Whether the version can say it at all. */
    static boolean exists(Packet packet, ProtocolVersion version) {
        if (version == ProtocolVersion.V5) {
            return true;
        }
        return switch (packet.type()) {
            case DISCONNECT, AUTH -> false;
            case CONNACK -> returnCode(((ConnAck) packet).reasonCode()) != NO_RETURN_CODE;
            default -> true;
        };
    }

    static int firstByte(Packet packet) {
        int type = packet.type().value() << 4;
        if (packet instanceof Publish publish) {
            return type | (publish.dup() ? 0b1000 : 0) | (publish.qos().level() << 1) | (publish.retain() ? 0b0001 : 0);
        }
        return packet.type() == PacketType.PUBREL ? type | 0b0010 : type;
    }

    static void describe(Wire wire, Packet packet, ProtocolVersion version) {
        boolean v5 = version == ProtocolVersion.V5;
        switch (packet.type()) {
            case CONNACK -> connAck(wire, (ConnAck) packet, v5);
            case PUBLISH -> publish(wire, (Publish) packet, v5);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> publishAck(wire, (PublishAck) packet, v5);
            case SUBACK -> subAck(wire, (SubAck) packet, v5);
            case UNSUBACK -> unsubAck(wire, (UnsubAck) packet, v5);
            case DISCONNECT -> disconnect(wire, (Disconnect) packet);
            case AUTH -> auth(wire, (Auth) packet);
            case PINGRESP -> {
                // nothing follows its fixed header
            }
            default -> throw new IllegalArgumentException("a server does not send " + packet.type());
        }
    }

    private static void connAck(Wire wire, ConnAck connAck, boolean v5) {
        wire.addByte(connAck.sessionPresent() ? 1 : 0);
        if (v5) {
            wire.addByte(connAck.reasonCode().value());
            properties(wire, to -> PropertyWriter.ofConnAck(to, connAck.properties()));
        } else {
            wire.addByte(returnCode(connAck.reasonCode()));
        }
    }

    private static void publish(Wire wire, Publish publish, boolean v5) {
        TopicName topic = publish.topic();
        wire.addString(topic == null ? "" : topic.value());
        if (publish.qos() != Qos.AT_MOST_ONCE) {
            wire.addTwoByteInteger(publish.packetId());
        }
        if (v5) {
            properties(wire, to -> PropertyWriter.ofPublish(to, publish));
        }
        wire.addBytes(publish.payload().sharedBytes());
    }

    private static void publishAck(Wire wire, PublishAck ack, boolean v5) {
        wire.addTwoByteInteger(ack.packetId());
        if (v5) {
            ending(wire, ack.reasonCode(), to -> PropertyWriter.ofReason(to, ack.reasonString(), List.of()));
        }
    }

    private static void subAck(Wire wire, SubAck subAck, boolean v5) {
        wire.addTwoByteInteger(subAck.packetId());
        if (v5) {
            wire.addVariableByteInteger(0);
        }
        for (ReasonCode reasonCode : subAck.reasonCodes()) {
            wire.addByte(!v5 && reasonCode.isFailure() ? FAILURE_311 : reasonCode.value());
        }
    }

    private static void unsubAck(Wire wire, UnsubAck unsubAck, boolean v5) {
        wire.addTwoByteInteger(unsubAck.packetId());
        if (v5) {
            wire.addVariableByteInteger(0);
            for (ReasonCode reasonCode : unsubAck.reasonCodes()) {
                wire.addByte(reasonCode.value());
            }
        }
    }

    private static void disconnect(Wire wire, Disconnect disconnect) {
        ending(
                wire,
                disconnect.reasonCode(),
                to -> PropertyWriter.ofReason(to, disconnect.reasonString(), disconnect.userProperties()));
    }

    private static void auth(Wire wire, Auth auth) {
        Consumer<Wire> properties = to -> PropertyWriter.ofAuth(to, auth);
        int size = sizeOf(properties);
        if (size == 0 && auth.reasonCode() == ReasonCode.SUCCESS) {
            return;
        }
        // Unlike in the acknowledgements, the Property Length only goes together with the Reason Code.
        wire.addByte(auth.reasonCode().value());
        wire.addVariableByteInteger(size);
        properties.accept(wire);
    }

    /** Reason Code and properties, left out from the end as far as they say nothing. */
    private static void ending(Wire wire, ReasonCode reasonCode, Consumer<Wire> properties) {
        int size = sizeOf(properties);
        if (size == 0 && reasonCode == ReasonCode.SUCCESS) {
            return;
        }
        wire.addByte(reasonCode.value());
        if (size > 0) {
            wire.addVariableByteInteger(size);
            properties.accept(wire);
        }
    }

    private static void properties(Wire wire, Consumer<Wire> properties) {
        wire.addVariableByteInteger(sizeOf(properties));
        properties.accept(wire);
    }

    private static int sizeOf(Consumer<Wire> properties) {
        Wire.Count count = new Wire.Count();
        properties.accept(count);
        return (int) Math.min(count.bytes(), Integer.MAX_VALUE);
    }

    /** The Connect Return code nearest to a reason code [3.1.1 §3.2.2.3]. */
    private static int returnCode(ReasonCode reasonCode) {
        return switch (reasonCode) {
            case SUCCESS -> 0;
            case UNSUPPORTED_PROTOCOL_VERSION -> 1;
            case CLIENT_IDENTIFIER_NOT_VALID -> 2;
            case SERVER_UNAVAILABLE,
                    SERVER_BUSY,
                    SERVER_SHUTTING_DOWN,
                    QUOTA_EXCEEDED,
                    USE_ANOTHER_SERVER,
                    SERVER_MOVED,
                    CONNECTION_RATE_EXCEEDED -> 3;
            case BAD_USER_NAME_OR_PASSWORD -> 4;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> 5;
            default -> NO_RETURN_CODE;
        };
    }
}
