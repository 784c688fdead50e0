// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/** Reads the body of one packet after another, and remembers which version the CONNECT among them chose. */
final class PacketReader {

    /** Mosquitto's bridges set the bit above these in the level; these tell what they understand. */
    static final int VERSION_BITS = 0x7F;

    private final ConnectReader connects;

    private final PublishReader publishes;

    private final AcknowledgementReader acknowledgements;

    private final SubscriptionReader subscriptions;

    private final DisconnectReader disconnects;

    private final AuthReader auths;

    private @Nullable ProtocolVersion spoken;

    private boolean connected;

    PacketReader(DecoderLimits limits) {
        PropertyReader properties = new PropertyReader(limits);
        TopicReader topics = new TopicReader(limits);
        this.connects = new ConnectReader(limits, properties, topics);
        this.publishes = new PublishReader(properties, topics);
        this.acknowledgements = new AcknowledgementReader(properties);
        this.subscriptions = new SubscriptionReader(properties);
        this.disconnects = new DisconnectReader(properties);
        this.auths = new AuthReader(properties);
    }

    /** Null until a CONNECT was read as a whole. */
    @Nullable ProtocolVersion connectedVersion() {
        return connected ? spoken : null;
    }

    /** In which version an answer would be understood; known as soon as a CONNECT said so, even a refused one. */
    @Nullable ProtocolVersion spokenVersion() {
        return spoken;
    }

    Packet read(PacketType type, int flags, PacketBytes in) {
        ProtocolVersion version = spoken;
        if (version == null) {
            return readConnect(in);
        }
        Packet packet =
                switch (type) {
                    case PUBLISH -> publishes.read(in, flags, version);
                    case PUBACK, PUBREC, PUBREL, PUBCOMP -> acknowledgements.read(type, in, version);
                    case SUBSCRIBE -> subscriptions.readSubscribe(in, version);
                    case UNSUBSCRIBE -> subscriptions.readUnsubscribe(in, version);
                    case PINGREQ -> Ping.REQUEST;
                    case DISCONNECT -> disconnects.read(in, version);
                    case AUTH -> auths.read(in);
                    default -> throw Rule.PACKET_DIRECTION.brokenBy(type + " from a device");
                };
        if (in.remaining() > 0) {
            in.expectEnd(type.name());
        }
        return packet;
    }

    private Connect readConnect(PacketBytes in) {
        int level = connects.readProtocolLevel(in);
        boolean bridge = level > VERSION_BITS;
        int number = level & VERSION_BITS;
        ProtocolVersion version = number > 4 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
        spoken = version;
        if (number < 3 || number > 5 || (bridge && number == 5)) {
            throw Rule.PROTOCOL_LEVEL.brokenBy(
                    "CONNECT with protocol level " + level + " instead of 3 (of MQIsdp), 4 or 5 (of MQTT)");
        }
        Connect connect = connects.read(in, version);
        in.expectEnd("CONNECT");
        connected = true;
        return bridge ? connect.ofBridge() : connect;
    }
}
