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
import java.util.ArrayList;
import java.util.List;

/** PUBLISH to devices, and what acknowledges theirs. */
final class DeliverySamples {

    private DeliverySamples() {}

    static List<Sample> all() {
        List<Sample> all = new ArrayList<>(List.of(publish311(), publish5(), aliasOnly5()));
        all.addAll(acknowledgements());
        return all;
    }

    private static List<Sample> acknowledgements() {
        return List.of(
                new Sample(
                        "[3.1.1/MQTT-2.3.1-6] PUBACK has only its Packet Identifier, whatever the reason",
                        V3_1_1,
                        "40 02 00 07",
                        new PublishAck(PacketType.PUBACK, 7, ReasonCode.QUOTA_EXCEEDED, "full")),
                new Sample(
                        "[5.0/MQTT-3.4.2-1] PUBACK of success is as short as in 3.1.1",
                        V5,
                        "40 02 00 07",
                        PublishAck.of(PacketType.PUBACK, 7)),
                new Sample(
                        "[5.0/MQTT-3.5.2-1] PUBREC with a Reason Code has no Property Length",
                        V5,
                        "50 03 00 07 97",
                        new PublishAck(PacketType.PUBREC, 7, ReasonCode.QUOTA_EXCEEDED, null)),
                new Sample(
                        "[3.1.1/MQTT-3.6.1-1] [5.0/MQTT-3.6.1-1] PUBREL has the flags 0010",
                        V5,
                        "62 02 00 07",
                        PublishAck.of(PacketType.PUBREL, 7)),
                new Sample(
                        "[5.0/MQTT-3.7.2-1] PUBCOMP with a Reason String",
                        V5,
                        """
                        70 0B            // PUBCOMP, 11 bytes follow
                        00 07            // Packet Identifier
                        92               // Reason Code
                        07               // Property Length
                        1F 00 04 'gone'  // Reason String""",
                        new PublishAck(PacketType.PUBCOMP, 7, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, "gone")),
                new Sample(
                        "[5.0/MQTT-1.5.4-2] PUBACK without a Reason String that MQTT cannot carry",
                        V5,
                        "40 03 00 07 80",
                        new PublishAck(PacketType.PUBACK, 7, ReasonCode.UNSPECIFIED_ERROR, "\0")));
    }

    private static Sample publish311() {
        return new Sample(
                "[3.1.1/MQTT-3.3.2-1] PUBLISH has no properties in 3.1.1",
                V3_1_1,
                """
                3D 0A            // PUBLISH DUP QoS 2 RETAIN, 10 bytes follow
                00 03 'a/b'      // Topic Name
                00 0A            // Packet Identifier
                'now'            // payload""",
                new Publish(
                        10,
                        true,
                        Qos.EXACTLY_ONCE,
                        true,
                        new TopicName("a/b"),
                        0,
                        Payload.ofText("now"),
                        new MessageProperties(
                                PayloadFormat.TEXT, 5L, "c", null, null, List.of(new UserProperty("k", "v"))),
                        List.of(1)));
    }

    private static Sample publish5() {
        return new Sample(
                "[5.0/MQTT-3.3.4-4] PUBLISH with every property and two Subscription Identifiers",
                V5,
                """
                32 36            // PUBLISH QoS 1, 54 bytes follow
                00 03 'a/b'      // Topic Name
                00 0A            // Packet Identifier
                2D               // Property Length 45
                01 01            // Payload Format Indicator: text
                02 FF FF FF FF   // Message Expiry Interval 4,294,967,295
                23 00 02         // Topic Alias 2
                03 00 01 'c'     // Content Type
                08 00 01 'r'     // Response Topic
                09 00 02 01 02   // Correlation Data
                0B 01            // Subscription Identifier 1
                0B FF FF FF 7F   // Subscription Identifier 268,435,455
                26 00 01 'k' 00 01 'v' // User Property
                26 00 01 'k' 00 02 C3 A9 // User Property
                'x'              // payload""",
                new Publish(
                        10,
                        false,
                        Qos.AT_LEAST_ONCE,
                        false,
                        new TopicName("a/b"),
                        2,
                        Payload.ofText("x"),
                        new MessageProperties(
                                PayloadFormat.TEXT,
                                4_294_967_295L,
                                "c",
                                new TopicName("r"),
                                Payload.owning(new byte[] {1, 2}),
                                List.of(new UserProperty("k", "v"), new UserProperty("k", "é"))),
                        List.of(1, 268_435_455)));
    }

    private static Sample aliasOnly5() {
        return new Sample(
                "[5.0 §3.3.2.3.4] PUBLISH whose topic is a Topic Alias only",
                V5,
                """
                30 06            // PUBLISH QoS 0, 6 bytes follow
                00 00            // Topic Name
                03               // Property Length
                23 00 01         // Topic Alias""",
                new Publish(
                        0, false, Qos.AT_MOST_ONCE, false, null, 1, Payload.EMPTY, MessageProperties.NONE, List.of()));
    }
}
