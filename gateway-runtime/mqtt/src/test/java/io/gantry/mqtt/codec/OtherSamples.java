// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;

import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Subscribe.RetainHandling;
import io.gantry.mqtt.packet.Unsubscribe;
import java.util.List;

/** Packets other than CONNECT, PUBLISH and its acknowledgements, as devices send them. */
final class OtherSamples {

    private OtherSamples() {}

    static List<Sample> all() {
        return List.of(
                subscribe311(),
                subscribe5(),
                unsubscribe311(),
                unsubscribe5(),
                new Sample("[3.1.1 §3.12] PINGREQ", V3_1_1, "C0 00", Ping.REQUEST),
                new Sample("[5.0 §3.12] PINGREQ", V5, "C0 00", Ping.REQUEST),
                new Sample("[3.1.1 §3.14] DISCONNECT", V3_1_1, "E0 00", Disconnect.because(ReasonCode.SUCCESS, null)),
                new Sample(
                        "[5.0 §3.14.2.1] DISCONNECT without a Reason Code",
                        V5,
                        "E0 00",
                        Disconnect.because(ReasonCode.SUCCESS, null)),
                new Sample(
                        "[5.0 §3.14.2.2.1] DISCONNECT without a Property Length",
                        V5,
                        "E0 01 04",
                        Disconnect.because(ReasonCode.DISCONNECT_WITH_WILL_MESSAGE, null)),
                disconnect5(),
                auth5());
    }

    private static Sample subscribe311() {
        return new Sample(
                "[3.1.1/MQTT-3.8.3-1] SUBSCRIBE with two Topic Filters in their order",
                V3_1_1,
                """
                82 0D            // SUBSCRIBE, 13 bytes follow
                00 0A            // Packet Identifier
                00 03 'a/#'      // Topic Filter
                01               // QoS 1
                00 02 '+b'       // Topic Filter, not well-formed
                02               // QoS 2""",
                new Subscribe(
                        10,
                        0,
                        List.of(
                                new Subscribe.Request("a/#", Qos.AT_LEAST_ONCE, false, false, RetainHandling.SEND),
                                new Subscribe.Request("+b", Qos.EXACTLY_ONCE, false, false, RetainHandling.SEND)),
                        List.of()));
    }

    private static Sample subscribe5() {
        return new Sample(
                "[5.0/MQTT-3.8.3-1] SUBSCRIBE with every option, an identifier and a User Property",
                V5,
                """
                82 1B            // SUBSCRIBE, 27 bytes follow
                00 01            // Packet Identifier
                0C               // Property Length 12
                0B FF FF FF 7F   // Subscription Identifier 268,435,455
                26 00 01 'k' 00 01 'v' // User Property
                00 01 '#'        // Topic Filter
                1E               // Retain Handling 1, Retain As Published, No Local, QoS 2
                00 01 '+'        // Topic Filter
                20               // Retain Handling 2, QoS 0
                00 01 'x'        // Topic Filter
                01               // QoS 1""",
                new Subscribe(
                        1,
                        268_435_455,
                        List.of(
                                new Subscribe.Request("#", Qos.EXACTLY_ONCE, true, true, RetainHandling.SEND_IF_NEW),
                                new Subscribe.Request("+", Qos.AT_MOST_ONCE, false, false, RetainHandling.DO_NOT_SEND),
                                new Subscribe.Request("x", Qos.AT_LEAST_ONCE, false, false, RetainHandling.SEND)),
                        List.of(new UserProperty("k", "v"))));
    }

    private static Sample unsubscribe311() {
        return new Sample(
                "[3.1.1/MQTT-3.10.3-1] UNSUBSCRIBE with two Topic Filters, one right after another",
                V3_1_1,
                """
                A2 0A            // UNSUBSCRIBE, 10 bytes follow
                00 0A            // Packet Identifier
                00 03 'a/#'      // Topic Filter
                00 01 'b'        // Topic Filter""",
                new Unsubscribe(10, List.of("a/#", "b"), List.of()));
    }

    private static Sample unsubscribe5() {
        return new Sample(
                "[5.0/MQTT-3.10.3-1] UNSUBSCRIBE with a User Property",
                V5,
                """
                A2 0D            // UNSUBSCRIBE, 13 bytes follow
                00 0A            // Packet Identifier
                07               // Property Length
                26 00 01 'k' 00 01 'v' // User Property
                00 01 'b'        // Topic Filter""",
                new Unsubscribe(10, List.of("b"), List.of(new UserProperty("k", "v"))));
    }

    private static Sample disconnect5() {
        return new Sample(
                "[5.0/MQTT-3.14.2-1] DISCONNECT with every property a device may send",
                V5,
                """
                E0 14            // DISCONNECT, 20 bytes follow
                98               // Reason Code: administrative action
                12               // Property Length 18
                11 00 00 00 05   // Session Expiry Interval 5
                1F 00 03 'off'   // Reason String
                26 00 01 'k' 00 01 'v' // User Property""",
                new Disconnect(ReasonCode.ADMINISTRATIVE_ACTION, 5L, "off", List.of(new UserProperty("k", "v"))));
    }

    private static Sample auth5() {
        return new Sample(
                "[5.0/MQTT-3.15.2-1] AUTH goes on with the authentication, with every property it may have",
                V5,
                """
                F0 16            // AUTH, 22 bytes follow
                18               // Reason Code: continue
                14               // Property Length 20
                15 00 01 'm'     // Authentication Method
                16 00 00         // Authentication Data
                1F 00 03 'why'   // Reason String
                26 00 01 'k' 00 01 'v' // User Property""",
                new Auth(ReasonCode.CONTINUE_AUTHENTICATION, "m", Payload.EMPTY, "why"));
    }
}
