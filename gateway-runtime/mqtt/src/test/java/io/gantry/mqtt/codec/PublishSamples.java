// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.util.List;

/** PUBLISH packets and their acknowledgements as devices send them. */
final class PublishSamples {

    private PublishSamples() {}

    static List<Sample> all() {
        return List.of(
                qos0In311(),
                qos1In311(),
                emptyPayload(),
                byteOrderMark(),
                full5(),
                aliasOnly5(),
                new Sample(
                        "[3.1.1/MQTT-2.3.1-6] PUBACK is a Packet Identifier",
                        V3_1_1,
                        "40 02 12 34",
                        PublishAck.of(PacketType.PUBACK, 0x1234)),
                new Sample(
                        "[3.1.1/MQTT-3.6.1-1] PUBREL has the flags 0010",
                        V3_1_1,
                        "62 02 00 01",
                        PublishAck.of(PacketType.PUBREL, 1)),
                new Sample(
                        "[5.0/MQTT-2.2.1-5] PUBACK without a Reason Code means Success",
                        V5,
                        "40 02 FF FF",
                        PublishAck.of(PacketType.PUBACK, 0xFFFF)),
                new Sample(
                        "[5.0/MQTT-3.5.2-1] PUBREC with a Reason Code and no Property Length",
                        V5,
                        "50 03 00 01 97",
                        new PublishAck(PacketType.PUBREC, 1, ReasonCode.QUOTA_EXCEEDED, null)),
                new Sample(
                        "[5.0/MQTT-3.6.2-1] PUBREL with a Reason Code and an empty set of properties",
                        V5,
                        "62 04 00 01 92 00",
                        new PublishAck(PacketType.PUBREL, 1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, null)),
                fullPubcomp5());
    }

    private static Sample qos0In311() {
        return new Sample(
                "[3.1.1/MQTT-2.3.1-5] [3.1.1/MQTT-3.3.2-1] PUBLISH at QoS 0 has no Packet Identifier",
                V3_1_1,
                """
                30 07            // PUBLISH QoS 0, 7 bytes follow
                00 03 'a/b'      // Topic Name
                68 69            // payload""",
                new Publish(
                        0,
                        false,
                        Qos.AT_MOST_ONCE,
                        false,
                        new TopicName("a/b"),
                        0,
                        Payload.ofText("hi"),
                        MessageProperties.NONE,
                        List.of()));
    }

    private static Sample qos1In311() {
        return new Sample(
                "[3.1.1/MQTT-2.3.1-1] PUBLISH with DUP, QoS 1 and RETAIN has a Packet Identifier",
                V3_1_1,
                """
                3B 08            // PUBLISH DUP QoS 1 RETAIN, 8 bytes follow
                00 03 'a/b'      // Topic Name
                00 0A            // Packet Identifier
                00               // payload""",
                new Publish(
                        10,
                        true,
                        Qos.AT_LEAST_ONCE,
                        true,
                        new TopicName("a/b"),
                        0,
                        Payload.owning(new byte[1]),
                        MessageProperties.NONE,
                        List.of()));
    }

    private static Sample emptyPayload() {
        return new Sample(
                "[5.0/MQTT-2.2.1-2] PUBLISH at QoS 0 without a payload",
                V5,
                """
                31 06            // PUBLISH QoS 0 RETAIN, 6 bytes follow
                00 03 'a/b'      // Topic Name
                00               // Property Length""",
                new Publish(
                        0,
                        false,
                        Qos.AT_MOST_ONCE,
                        true,
                        new TopicName("a/b"),
                        0,
                        Payload.EMPTY,
                        MessageProperties.NONE,
                        List.of()));
    }

    private static Sample byteOrderMark() {
        return new Sample(
                "[3.1.1/MQTT-1.5.3-3] [5.0/MQTT-1.5.4-3] U+FEFF in a Topic Name is kept, and so are 2, 3 and 4 bytes",
                V3_1_1,
                """
                30 0E            // PUBLISH QoS 0, 14 bytes follow
                00 0C EF BB BF C3 A9 E2 82 AC F0 90 80 80 // Topic Name: U+FEFF, U+00E9, U+20AC, U+10000""",
                new Publish(
                        0,
                        false,
                        Qos.AT_MOST_ONCE,
                        false,
                        new TopicName("\uFEFFé€\uD800\uDC00"),
                        0,
                        Payload.EMPTY,
                        MessageProperties.NONE,
                        List.of()));
    }

    private static Sample full5() {
        String bytes = """
                34 3B            // PUBLISH QoS 2, 59 bytes follow
                00 05 'a/b/c'    // Topic Name
                AB CD            // Packet Identifier
                30               // Property Length 48
                26 00 01 'k' 00 01 'v' // User Property k=v
                01 00            // Payload Format Indicator: bytes
                02 00 00 00 00   // Message Expiry Interval 0
                23 00 01         // Topic Alias 1
                08 00 05 'r/t/1' // Response Topic
                09 00 03 01 02 03 // Correlation Data
                26 00 01 'k' 00 01 'v' // User Property k=v once more
                03 00 07 'a/plain' // Content Type
                5A               // payload""";
        return new Sample(
                "[5.0/MQTT-3.3.2-17] [5.0/MQTT-3.3.2-18] PUBLISH with every property, two User Properties alike",
                V5,
                bytes,
                new Publish(
                        0xABCD,
                        false,
                        Qos.EXACTLY_ONCE,
                        false,
                        new TopicName("a/b/c"),
                        1,
                        Payload.ofText("Z"),
                        new MessageProperties(
                                PayloadFormat.BYTES,
                                0L,
                                "a/plain",
                                new TopicName("r/t/1"),
                                Payload.owning(new byte[] {1, 2, 3}),
                                List.of(new UserProperty("k", "v"), new UserProperty("k", "v"))),
                        List.of()));
    }

    private static Sample aliasOnly5() {
        return new Sample(
                "[5.0/MQTT-3.3.2-12] PUBLISH whose topic is a Topic Alias only",
                V5,
                """
                32 08            // PUBLISH QoS 1, 8 bytes follow
                00 00            // Topic Name
                00 01            // Packet Identifier
                03               // Property Length
                23 FF FF         // Topic Alias""",
                new Publish(
                        1,
                        false,
                        Qos.AT_LEAST_ONCE,
                        false,
                        null,
                        65_535,
                        Payload.EMPTY,
                        MessageProperties.NONE,
                        List.of()));
    }

    private static Sample fullPubcomp5() {
        return new Sample(
                "[5.0/MQTT-3.7.2-1] PUBCOMP with a Reason Code, a Reason String and a User Property",
                V5,
                """
                70 11            // PUBCOMP, 17 bytes follow
                00 01            // Packet Identifier
                00               // Reason Code
                0D               // Property Length
                1F 00 03 'why'   // Reason String
                26 00 01 'a' 00 01 'b' // User Property""",
                new PublishAck(PacketType.PUBCOMP, 1, ReasonCode.SUCCESS, "why"));
    }
}
