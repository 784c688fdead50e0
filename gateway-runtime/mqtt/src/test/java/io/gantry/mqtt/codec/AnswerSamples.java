// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;

import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.SubAck;
import io.gantry.mqtt.packet.UnsubAck;
import java.util.ArrayList;
import java.util.List;

/** What a server answers, and says at the end of a connection. */
final class AnswerSamples {

    private AnswerSamples() {}

    static List<Sample> all() {
        List<Sample> all = new ArrayList<>();
        all.addAll(connAcks());
        all.addAll(subscriptionAnswers());
        all.addAll(endings());
        return all;
    }

    private static List<Sample> connAcks() {
        return List.of(
                new Sample(
                        "[3.1.1/MQTT-3.2.2-2] CONNACK with Session Present",
                        V3_1_1,
                        "20 02 01 00",
                        new ConnAck(V3_1_1, true, ReasonCode.SUCCESS, null)),
                connAck5(),
                connAckDefaults5(),
                new Sample(
                        "[5.0/MQTT-3.2.2-6] CONNACK of a refusal",
                        V5,
                        "20 03 00 84 00",
                        ConnAck.refusal(V5, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION)));
    }

    private static List<Sample> subscriptionAnswers() {
        return List.of(
                new Sample(
                        "[3.1.1/MQTT-3.9.3-2] SUBACK with 0x80 for every failure",
                        V3_1_1,
                        "90 06 00 0A 00 01 02 80",
                        new SubAck(
                                10,
                                List.of(
                                        ReasonCode.SUCCESS,
                                        ReasonCode.GRANTED_QOS_1,
                                        ReasonCode.GRANTED_QOS_2,
                                        ReasonCode.TOPIC_FILTER_INVALID))),
                new Sample(
                        "[5.0/MQTT-3.9.3-1] SUBACK with its codes in their order",
                        V5,
                        "90 05 00 0A 00 8F 02",
                        new SubAck(10, List.of(ReasonCode.TOPIC_FILTER_INVALID, ReasonCode.GRANTED_QOS_2))),
                new Sample(
                        "[3.1.1/MQTT-3.10.4-4] UNSUBACK is a Packet Identifier",
                        V3_1_1,
                        "B0 02 FF FF",
                        new UnsubAck(0xFFFF, List.of(ReasonCode.NO_SUBSCRIPTION_EXISTED))),
                new Sample(
                        "[5.0/MQTT-3.11.3-1] UNSUBACK with its codes in their order",
                        V5,
                        "B0 05 00 0A 00 11 00",
                        new UnsubAck(10, List.of(ReasonCode.NO_SUBSCRIPTION_EXISTED, ReasonCode.SUCCESS))));
    }

    private static List<Sample> endings() {
        return List.of(
                new Sample("[3.1.1/MQTT-3.12.4-1] PINGRESP", V3_1_1, "D0 00", Ping.RESPONSE),
                new Sample("[5.0/MQTT-3.12.4-1] PINGRESP", V5, "D0 00", Ping.RESPONSE),
                new Sample(
                        "[5.0 §3.14.2.1] DISCONNECT without anything",
                        V5,
                        "E0 00",
                        Disconnect.because(ReasonCode.SUCCESS, null)),
                new Sample(
                        "[5.0/MQTT-3.14.2-1] DISCONNECT with a Reason Code",
                        V5,
                        "E0 01 8E",
                        Disconnect.because(ReasonCode.SESSION_TAKEN_OVER, null)),
                disconnect5(),
                new Sample(
                        "3.1.1 has no DISCONNECT from a server",
                        V3_1_1,
                        "",
                        disconnect5().packet()),
                auth5(),
                new Sample("3.1.1 has no AUTH", V3_1_1, "", auth5().packet()),
                new Sample(
                        "[5.0 §3.15.2.1] AUTH with Success and no properties",
                        V5,
                        "F0 00",
                        new Auth(ReasonCode.SUCCESS, null, null, null)),
                new Sample(
                        "[5.0 §3.15.2.1] AUTH without properties has a Property Length",
                        V5,
                        "F0 02 18 00",
                        new Auth(ReasonCode.CONTINUE_AUTHENTICATION, null, null, null)));
    }

    private static Sample connAck5() {
        return new Sample(
                "[5.0 §3.2.2.3] CONNACK with all that the server limits, and the end of an authentication",
                V5,
                """
                20 2A            // CONNACK, 42 bytes follow
                00               // no Session Present
                00               // Reason Code: success
                27               // Property Length 39
                11 00 00 0E 10   // Session Expiry Interval 3,600
                21 03 E8         // Receive Maximum 1,000
                24 01            // Maximum QoS 1
                25 00            // Retain Available: no
                27 00 04 00 00   // Maximum Packet Size 262,144
                12 00 05 'gw-01' // Assigned Client Identifier
                22 00 0A         // Topic Alias Maximum 10
                13 00 3C         // Server Keep Alive 60
                15 00 01 'm'     // Authentication Method
                16 00 01 2A      // Authentication Data, 1 byte""",
                new ConnAck(
                        V5,
                        false,
                        ReasonCode.SUCCESS,
                        new ConnAck.Properties(
                                1000,
                                262_144,
                                10,
                                3600L,
                                60,
                                "gw-01",
                                Qos.AT_LEAST_ONCE,
                                false,
                                "m",
                                Payload.owning(new byte[] {42}))));
    }

    private static Sample connAckDefaults5() {
        return new Sample(
                "[5.0 §3.2.2.3] CONNACK leaves out what is the default",
                V5,
                """
                20 08            // CONNACK, 8 bytes follow
                01               // Session Present
                00               // Reason Code: success
                05               // Property Length 5
                27 10 00 00 04   // Maximum Packet Size 268,435,460""",
                new ConnAck(
                        V5,
                        true,
                        ReasonCode.SUCCESS,
                        new ConnAck.Properties(
                                65_535,
                                Connect.Properties.NO_PACKET_LIMIT,
                                0,
                                null,
                                null,
                                null,
                                Qos.EXACTLY_ONCE,
                                true,
                                null,
                                null)));
    }

    private static Sample disconnect5() {
        return new Sample(
                "[5.0/MQTT-3.14.2-2] DISCONNECT with a Reason String and never a Session Expiry Interval",
                V5,
                """
                E0 0F            // DISCONNECT, 15 bytes follow
                95               // Reason Code: packet too large
                0D               // Property Length 13
                1F 00 03 'big'   // Reason String
                26 00 01 'k' 00 01 'v' // User Property""",
                new Disconnect(ReasonCode.PACKET_TOO_LARGE, 7L, "big", List.of(new UserProperty("k", "v"))));
    }

    private static Sample auth5() {
        return new Sample(
                "[5.0 §4.12] AUTH that wants more data",
                V5,
                """
                F0 0A            // AUTH, 10 bytes follow
                18               // Reason Code: continue
                08               // Property Length 8
                15 00 01 'm'     // Authentication Method
                16 00 01 2A      // Authentication Data""",
                new Auth(ReasonCode.CONTINUE_AUTHENTICATION, "m", Payload.owning(new byte[] {42}), null));
    }
}
