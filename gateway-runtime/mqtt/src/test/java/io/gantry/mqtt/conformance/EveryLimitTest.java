// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.mqtt.ClientIdCharacters;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.OverloadSettings;
import io.gantry.mqtt.Percent;
import io.gantry.mqtt.QueuePolicy;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Every limit of a device")
class EveryLimitTest {
    private static final OverloadSettings OVERLOAD =
            new OverloadSettings(new Percent(0), new Percent(50), Duration.ZERO);

    /**
     * A limit, what goes over it, and the counter that shows it.
     *
     * @param limit as the record's component is called
     */
    private record Strike(String limit, Object value, Counter counter, Consumer<TestServer> over) {
        @Override
        public String toString() {
            return limit;
        }
    }

    static List<Strike> strikes() {
        List<Strike> all = new ArrayList<>(ofConnecting());
        all.addAll(ofPublishing());
        all.addAll(ofSubscribing());
        return all;
    }

    private static List<Strike> ofConnecting() {
        ByteSize none = new ByteSize(0);
        return List.of(
                new Strike(
                        "maxSessionExpiry",
                        Duration.ofSeconds(99),
                        Counter.SESSION_EXPIRIES_LOWERED,
                        server -> server.connected(Connecting.resuming(V5, "d1"))),
                new Strike(
                        "maxKeepAlive",
                        Duration.ofSeconds(9),
                        Counter.KEEP_ALIVES_LOWERED,
                        server -> server.connected(V3_1_1, "d1")),
                new Strike(
                        "maxClientIdLength",
                        23,
                        Counter.PACKETS_MALFORMED,
                        server -> server.connected(V5, "x".repeat(24))),
                new Strike(
                        "clientIdCharacters",
                        ClientIdCharacters.PLAIN,
                        Counter.CONNECTIONS_REFUSED,
                        server -> server.connected(V5, "d/1")),
                new Strike(
                        "maxPropertyBytes",
                        none,
                        Counter.PACKETS_MALFORMED,
                        server -> server.connected(Connecting.of(V5, "d1").with("21 0001"))),
                new Strike("maxConnectsPerMinute", 1, Counter.CONNECT_RATE_EXCEEDED, server -> {
                    server.connected(V5, "d1");
                    server.connected(V5, "d1");
                }),
                new Strike("maxConnectBan", Duration.ofSeconds(10), Counter.CLIENT_IDS_BANNED, server -> {
                    for (int i = 0; i < 31; i++) {
                        server.connected(V5, "d1");
                    }
                }));
    }

    private static List<Strike> ofPublishing() {
        return List.of(
                new Strike("receiveMaximum", 1, Counter.RECEIVE_MAXIMUM_REACHED, server -> {
                    server.route("a");
                    server.connected(V3_1_1, "d1").publishes(1, 1, "a", "x");
                }),
                new Strike("maxTopicLength", 2, Counter.PACKETS_MALFORMED, server -> publish(server, "abc")),
                new Strike("maxTopicLevels", 2, Counter.PACKETS_MALFORMED, server -> publish(server, "a/b/c")),
                new Strike("maxUserProperties", 0, Counter.MESSAGES_REJECTED, server -> server.connected(V5, "d1")
                        .publishes(0x30, 0, "a", "x", "26 0000 0000")),
                new Strike("maxTopicAliases", 1, Counter.PROTOCOL_ERRORS, server -> alias(server, 2)),
                new Strike(
                        "maxTopicAliasBytes",
                        new ByteSize(0),
                        Counter.TOPIC_ALIASES_REFUSED,
                        server -> alias(server, 1)),
                new Strike("maxQos", Qos.AT_MOST_ONCE, Counter.PROTOCOL_ERRORS, server -> publish(server, "a")),
                new Strike("maxPublishRate", 1, Counter.PUBLISH_RATE_EXCEEDED, server -> server.connected(V5, "d1")
                        .publishes(0, 0, "a", "x")
                        .publishes(0, 0, "a", "y")),
                new Strike("maxPublishRatePerAddress", 1, Counter.ADDRESS_PUBLISH_RATE_EXCEEDED, server -> {
                    server.connected(V5, "d1").publishes(0, 0, "a", "x");
                    server.connected(V5, "d2").publishes(0, 0, "a", "y");
                }),
                new Strike("overload", OVERLOAD, Counter.OVERLOADS, server -> server.looks(0, 50, 0)),
                new Strike("maxRetainedMessages", 1, Counter.RETAINED_REFUSED, EveryLimitTest::retainTwo),
                new Strike("maxRetainedBytes", new ByteSize(1), Counter.RETAINED_REFUSED, EveryLimitTest::retainTwo));
    }

    private static List<Strike> ofSubscribing() {
        return List.of(
                new Strike("maxSubscriptions", 1, Counter.SUBSCRIPTIONS_REFUSED, server -> server.connected(V5, "d1")
                        .subscribes(1, "a 00", "b 00")),
                new Strike("maxAllSubscriptions", 1, Counter.SUBSCRIPTIONS_REFUSED, server -> {
                    server.connected(V5, "d1").subscribes(1, "a 00");
                    server.connected(V5, "d2").subscribes(1, "a 00");
                }),
                new Strike("maxInflight", 1, Counter.MESSAGES_QUEUED, server -> bring(server, 2)),
                new Strike("maxQueuedMessages", 0, Counter.MESSAGES_DROPPED_QUEUE_FULL, server -> pass(server, 101)),
                new Strike(
                        "maxQueuedBytes",
                        new ByteSize(0),
                        Counter.MESSAGES_DROPPED_QUEUE_FULL,
                        server -> pass(server, 101)),
                new Strike(
                        "maxAcknowledgeTime",
                        Duration.ofSeconds(1),
                        Counter.ACKNOWLEDGEMENTS_OVERDUE,
                        EveryLimitTest::acknowledgeNothing),
                new Strike(
                        "whenQueueFull",
                        QueuePolicy.DISCONNECT,
                        Counter.MESSAGES_DROPPED_QUEUE_FULL,
                        server -> bring(server, 1_101)));
    }

    private static void publish(TestServer server, String topic) {
        server.connected(V5, "d1").publishes(1, 1, topic, "x");
    }

    private static void alias(TestServer server, int alias) {
        server.connected(V5, "d1").publishes(0x30, 0, "a", "x", String.format("23 %04X", alias));
    }

    private static void retainTwo(TestServer server) {
        server.connected(V5, "d1").publishesRetained(1, 1, "a", "x").publishesRetained(1, 2, "b", "x");
    }

    private static void acknowledgeNothing(TestServer server) {
        bring(server, 1);
        server.pass(1_000);
    }

    /** From one device to another. */
    private static void pass(TestServer server, int messages) {
        server.connected(V5, "d1").subscribes(1, "a 01");
        TestDevice publisher = server.connected(V5, "d2");
        for (int i = 1; i <= messages; i++) {
            publisher.publishes(1, i, "a", "x");
        }
    }

    private static void bring(TestServer server, int messages) {
        server.connected(V5, "d1").subscribes(1, "a 01");
        for (int i = 0; i < messages; i++) {
            server.brings("a", 1, "x");
        }
    }

    @ParameterizedTest
    @MethodSource("strikes")
    @DisplayName("strikes once for what goes over it, and is counted")
    void counted(Strike strike) {
        try (TestServer server = new TestServer(TestLimits.with(strike.limit, strike.value))) {
            strike.over.accept(server);

            assertThat(server.count(strike.counter)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("is here")
    void all() {
        assertThat(strikes())
                .extracting(Strike::limit)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LimitSettings.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        // needs an Authentication Method: AuthenticationTest
                        .filter(limit -> !limit.equals("maxAuthenticationRounds"))
                        // need logins that fail: BansTest
                        .filter(limit -> !limit.equals("maxFailedLogins") && !limit.equals("failedLoginBan"))
                        // need devices that flap: FlappingTest
                        .filter(limit -> !limit.equals("maxFlapsPerMinute") && !limit.equals("flappingBan"))
                        .toList());
    }
}
