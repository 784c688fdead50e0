// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Will;
import java.util.List;

/** CONNECT packets as devices send them. */
final class ConnectSamples {

    private ConnectSamples() {}

    static List<Sample> all() {
        return List.of(minimal31(), bridge311(), minimal311(), full311(), minimal5(), full5(), passwordOnly5());
    }

    private static Sample minimal31() {
        return new Sample(
                "CONNECT of MQTT 3.1 is taken as 3.1.1",
                V3_1_1,
                "10 0F 0006 'MQIsdp' 03 02 0000 0001 'a'",
                new Connect(V3_1_1, "a", true, 0, null, null, null, Connect.Properties.of311(true), false));
    }

    private static Sample bridge311() {
        return new Sample(
                "CONNECT of a Mosquitto bridge, whose level has the highest bit set",
                V3_1_1,
                "10 0D 0004 'MQTT' 84 02 0000 0001 'a'",
                new Connect(V3_1_1, "a", true, 0, null, null, null, Connect.Properties.of311(true), true));
    }

    private static Sample minimal311() {
        return new Sample(
                "[3.1.1/MQTT-3.1.3-3] CONNECT with an empty Client Identifier",
                V3_1_1,
                Device.CONNECT_311,
                new Connect(V3_1_1, "", true, 0, null, null, null, Connect.Properties.of311(true), false));
    }

    private static Sample full311() {
        String bytes = """
                10 25            // CONNECT, 37 bytes follow
                00 04 'MQTT'     // Protocol Name
                04               // Protocol Level
                EC               // User Name, Password, Will Retain, Will QoS 1, Will
                00 3C            // Keep Alive 60
                00 04 'dev1'     // Client Identifier
                00 03 'a/b'      // Will Topic
                00 02 FF 00      // Will Message
                00 04 'anna'     // User Name
                00 04 01 02 03 04 // Password""";
        Will will = new Will(
                new TopicName("a/b"),
                Payload.owning(Bytes.of("FF 00")),
                Qos.AT_LEAST_ONCE,
                true,
                0,
                MessageProperties.NONE);
        return new Sample(
                "[3.1.1/MQTT-3.1.3-1] CONNECT with every field, in their order",
                V3_1_1,
                bytes,
                new Connect(
                        V3_1_1,
                        "dev1",
                        false,
                        60,
                        will,
                        "anna",
                        Payload.owning(Bytes.of("01 02 03 04")),
                        Connect.Properties.of311(false),
                        false));
    }

    private static Sample minimal5() {
        return new Sample(
                "[5.0/MQTT-3.1.3-3] CONNECT with nothing optional has every property's default",
                V5,
                Device.CONNECT_5,
                new Connect(
                        V5,
                        "",
                        true,
                        0,
                        null,
                        null,
                        null,
                        new Connect.Properties(
                                0, 65_535, Connect.Properties.NO_PACKET_LIMIT, 0, false, true, null, null, List.of()),
                        false));
    }

    private static Sample full5() {
        String bytes = """
                10 7A            // CONNECT, 122 bytes follow
                00 04 'MQTT'     // Protocol Name
                05               // Protocol Version
                F6               // User Name, Password, Will Retain, Will QoS 2, Will, Clean Start
                FF FF            // Keep Alive 65,535
                29               // Property Length 41
                11 FF FF FF FF   // Session Expiry Interval: never
                21 00 14         // Receive Maximum 20
                27 00 01 00 00   // Maximum Packet Size 65,536
                22 00 0A         // Topic Alias Maximum 10
                19 01            // Request Response Information 1
                17 00            // Request Problem Information 0
                15 00 05 'SCRAM' // Authentication Method
                16 00 02 AB CD   // Authentication Data
                26 00 01 'k' 00 02 C3 A9 // User Property k=é
                00 04 'dev1'     // Client Identifier
                29               // Will Property Length 41
                18 00 00 00 0A   // Will Delay Interval 10
                01 01            // Payload Format Indicator: text
                02 00 00 00 3C   // Message Expiry Interval 60
                03 00 04 'text'  // Content Type
                08 00 03 'r/t'   // Response Topic
                09 00 01 99      // Correlation Data
                26 00 01 'a' 00 01 'b' // User Property a=b
                26 00 00 00 00   // User Property with empty name and value
                00 04 'gone'     // Will Topic
                00 03 'bye'      // Will Payload
                00 04 'anna'     // User Name
                00 03 'pwd'      // Password""";
        return new Sample("[5.0/MQTT-3.1.3-1] CONNECT with every field and property", V5, bytes, full5Packet());
    }

    private static Connect full5Packet() {
        Will will = new Will(
                new TopicName("gone"),
                Payload.ofText("bye"),
                Qos.EXACTLY_ONCE,
                true,
                10,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        60L,
                        "text",
                        new TopicName("r/t"),
                        Payload.owning(new byte[] {(byte) 0x99}),
                        List.of(new UserProperty("a", "b"), new UserProperty("", ""))));
        Connect.Properties properties = new Connect.Properties(
                Connect.Properties.NEVER,
                20,
                65_536,
                10,
                true,
                false,
                "SCRAM",
                Payload.owning(Bytes.of("AB CD")),
                List.of(new UserProperty("k", "é")));
        return new Connect(V5, "dev1", true, 65_535, will, "anna", Payload.ofText("pwd"), properties, false);
    }

    private static Sample passwordOnly5() {
        String bytes = """
                10 15            // CONNECT, 21 bytes follow
                00 04 'MQTT'     // Protocol Name
                05               // Protocol Version
                40               // Password
                00 0A            // Keep Alive 10
                05               // Property Length 5
                27 FF FF FF FF   // Maximum Packet Size above what MQTT can express
                00 00            // Client Identifier
                00 01 'x'        // Password""";
        return new Sample(
                "[5.0/MQTT-3.1.2-19] CONNECT with a password but no user name is taken in 5.0",
                V5,
                bytes,
                new Connect(
                        V5,
                        "",
                        false,
                        10,
                        null,
                        null,
                        Payload.ofText("x"),
                        new Connect.Properties(
                                0, 65_535, Connect.Properties.NO_PACKET_LIMIT, 0, false, true, null, null, List.of()),
                        false));
    }
}
