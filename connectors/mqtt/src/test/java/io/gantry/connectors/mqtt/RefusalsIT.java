// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.deliver;
import static io.gantry.connectors.mqtt.Harness.message;
import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A remote broker")
class RefusalsIT {
    private static final String SESSION_PRESENT = "20060100" + "03210064";

    @ParameterizedTest
    @CsvSource({
        "2003008600, true, user name or password",
        "2003008700, true, does not let the gateway connect",
        "2003008500, true, Client Identifier",
        "2003009700, false, quota",
        "2003009F00, false, too many connections",
        "2003009D00, true, another server",
        "2003008800, false, not available"
    })
    @DisplayName(
            "that refuses the connection is tried again, and the route is parked where somebody must mend it [D21]")
    void connAck(String bytes, boolean parked, String detail) throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.connAck(bytes);
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Sink sink = harness.to("to", Settings.to("a"));
            harness.routes.start();

            soon().until(() -> harness.details.stream().anyMatch(told -> told.contains(detail)));
            assertUnavailable(deliver(sink, message("in/a", "x", Qos.AT_LEAST_ONCE)), parked);
            soon().until(() -> broker.connections.get() > 1);
            assertThat(harness.states).containsOnly(State.WAITING);
        }
    }

    @ParameterizedTest
    @CsvSource({"20020004, true", "20020005, true", "20020003, false", "20020002, true"})
    @DisplayName("of MQTT 3.1.1 that refuses the connection likewise [D21]")
    void returnCode(String bytes, boolean parked) throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.connAck(bytes);
                Harness harness = new Harness(
                        Settings.at(broker.url()).version(MqttVersion.V311).build())) {
            Sink sink = harness.to("to", Settings.to("a"));
            harness.routes.start();

            soon().until(() -> harness.details.size() > 1);
            assertUnavailable(deliver(sink, message("in/a", "x", Qos.AT_LEAST_ONCE)), parked);
        }
    }

    private static void assertUnavailable(Delivery outcome, boolean parked) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(parked ? Retry.whenMended() : Retry.soon()));
    }

    @ParameterizedTest
    @CsvSource({
        "AT_LEAST_ONCE, 10, accepted",
        "AT_LEAST_ONCE, 87, parked",
        "AT_LEAST_ONCE, 97, soon",
        "AT_LEAST_ONCE, 99, rejected",
        "AT_LEAST_ONCE, 90, rejected",
        "EXACTLY_ONCE, 87, parked",
        "EXACTLY_ONCE, 97, soon",
        "EXACTLY_ONCE, 99, rejected"
    })
    @DisplayName("that refuses a message: never, not now, or when it is mended; the connection goes on [D22]")
    void pubAck(Qos qos, String code, String expected) throws Exception {
        try (ScriptedBroker broker = ScriptedBroker.start((type, body) -> answer(type, body, qos, code));
                Harness harness =
                        new Harness(Settings.at(broker.url()).withoutSession().build())) {
            Sink sink = harness.startTo(Settings.to("a"));

            Delivery outcome = deliver(sink, message("in/a", "x", qos));
            switch (expected) {
                case "accepted" -> assertThat(outcome).isEqualTo(Delivery.accepted());
                case "rejected" -> assertThat(outcome).isInstanceOf(Delivery.Rejected.class);
                default -> assertUnavailable(outcome, expected.equals("parked"));
            }
            deliver(sink, message("in/a", "y", qos));
            assertThat(broker.connections).hasValue(qos == Qos.EXACTLY_ONCE ? 2 : 1);
        }
    }

    /** The topic is one letter, so the Packet Identifier is bytes 3 and 4. */
    private static String answer(int type, byte[] body, Qos qos, String code) {
        return switch (type) {
            case 1 -> ScriptedBroker.ACCEPTED;
            case 3 ->
                (qos == Qos.AT_LEAST_ONCE ? "4003" : "5003") + HexFormat.of().formatHex(body, 3, 5) + code;
            case 6 -> "7003" + HexFormat.of().formatHex(body, 0, 2) + "92";
            default -> "";
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30FFFFFF7F0001", // 256 MiB announced
                "3080808080", // Remaining Length of five bytes
                "30808000", // one that is longer than need be
                "32050001610000", // Packet Identifier 0
                "3407000161000100", // QoS 2, subscribed with 1
                "36070001610001", // QoS 3
                "6000", // PUBREL without its flags
                "62020000", // PUBREL of Packet Identifier 0
                "300400ffff00", // a string beyond the packet
                "1000", // CONNECT
                "20030000", // a second CONNACK
                "F000" // AUTH that nobody began
            })
    @DisplayName("that sends what it must not is disconnected and tried again; the gateway goes on [D23]")
    void hostile(String bytes) throws Exception {
        try (ScriptedBroker broker =
                        ScriptedBroker.start((type, body) -> type == 1 ? ScriptedBroker.ACCEPTED + bytes : "");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            harness.from(Settings.from("#")).start();

            soon().until(() -> broker.connections.get() > 1);
            assertThat(harness.received).isEmpty();
        }
    }

    @Test
    @DisplayName("that repeats a message of QoS 2 gets PUBREC again, PUBCOMP for each PUBREL, and the route has it once"
            + " [5.0/MQTT-4.3.3-10]")
    void repeated() throws Exception {
        List<String> answers = new CopyOnWriteArrayList<>();
        String message = "07000161000700" + "78";
        try (ScriptedBroker broker = ScriptedBroker.start((type, body) -> {
                    if (type == 1) {
                        return SESSION_PRESENT + "34" + message + "3C" + message;
                    }
                    answers.add(type + " " + HexFormat.of().formatHex(body));
                    return answers.stream()
                                                    .filter(answer -> answer.startsWith("5 "))
                                                    .count()
                                            == 2
                                    && type == 5
                            ? "62020007" + "62020007"
                            : "";
                });
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            harness.from(Settings.from("a")).start();

            soon().until(() -> answers.size() >= 5);
            assertThat(answers.stream().filter(answer -> !answer.startsWith("8 ")))
                    .containsExactly("5 0007", "5 0007", "7 0007", "7 000792");
            assertThat(harness.received).singleElement().satisfies(once -> assertThat(once.qos())
                    .isEqualTo(Qos.EXACTLY_ONCE));
        }
    }

    @Test
    @DisplayName("that sends a Topic Name that is not UTF-8 has it rejected; what follows is taken [D23]")
    void noUtf8() throws Exception {
        String two = "30060001ff000000" + "300500016100" + "78";
        try (ScriptedBroker broker =
                        ScriptedBroker.start((type, body) -> type == 1 ? ScriptedBroker.ACCEPTED + two : "");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            harness.from(Settings.from("#")).start();

            soon().until(() -> !harness.received.isEmpty());
            assertThat(harness.payloads()).containsExactly("x");
        }
    }

    @Test
    @DisplayName("that accepts the connection and is silent is given up after connect-timeout [D4]")
    void silent() throws Exception {
        Settings settings = Settings.at("mqtt://127.0.0.1:1");
        settings.connectTimeout = Duration.ofSeconds(1);
        try (ScriptedBroker broker = ScriptedBroker.connAck("")) {
            settings.url = List.of(broker.url());
            try (Harness harness = new Harness(settings.build())) {
                harness.to("to", Settings.to("a"));
                harness.routes.start();

                soon().until(() -> broker.connections.get() > 1);
            }
        }
    }
}
