// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.ArtemisServer;
import io.gantry.testbed.LoopbackPorts;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("An Artemis that")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpFailuresIT {
    private final ArtemisServer artemis = ArtemisServer.start(new ArtemisServer.Setup("gantry", "secret", null));

    @AfterAll
    void close() {
        artemis.close();
    }

    private AmqpEndpointSettings with(String password, String... urls) {
        return Settings.endpoint(List.of(urls), "gantry", password, null, TlsSettings.PLAIN);
    }

    private Delivery outcome(String password, AmqpTo to) {
        try (Harness harness = new Harness(with(password, artemis.url()))) {
            Sink sink = harness.to("r", to);
            harness.routes.start();
            return deliver(sink, message("north", "1"));
        }
    }

    private static Delivery.Unavailable parked(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended());
    }

    private static Delivery.Unavailable soon(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason);
    }

    @Test
    @DisplayName("refuses the password parks the route, and says so")
    void wrongPassword() {
        try (Harness harness = new Harness(with("wrong", artemis.url()))) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();

            assertThat(deliver(sink, message("a", "1"))).isEqualTo(parked("the AMQP broker refuses the connection"));
            assertThat(harness.details).anyMatch(detail -> detail.endsWith("refuses the credentials"));
        }
    }

    @Test
    @DisplayName("has no such address parks the route, or rejects the message when the address was made of it")
    void unknownAddress() {
        assertThat(outcome("secret", Settings.to("declared.nowhere")))
                .isEqualTo(parked("the AMQP address does not exist"));
        assertThat(outcome("secret", Settings.to("declared.{site}")))
                .isEqualTo(new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "the AMQP address does not exist"));
    }

    @Test
    @DisplayName("gets the address later takes what waited for it")
    void mended() {
        try (Harness harness = new Harness(with("secret", artemis.url()))) {
            Sink sink = harness.to("r", Settings.to("declared.later"));
            harness.routes.start();
            assertThat(deliver(sink, message("a", "1"))).isInstanceOf(Delivery.Unavailable.class);

            artemis.createQueue("declared.later");

            assertThat(deliver(sink, message("a", "1"))).isEqualTo(Delivery.accepted());
        }
    }

    @Test
    @DisplayName("does not let the gateway write there parks the route")
    void forbidden() {
        artemis.createQueue("forbidden.q");

        assertThat(outcome("secret", Settings.to("forbidden.q")))
                .isEqualTo(parked("the AMQP broker does not let the gateway do that"));
    }

    @Test
    @DisplayName("has no room is asked again, and holds up no other route; what is too large is not sent at all")
    void full() {
        try (Harness harness = new Harness(Settings.impatient(artemis.url(), "gantry", "secret"))) {
            Sink sink = harness.to("r", Settings.to("small.q"));
            Sink other = harness.to("other", Settings.to("roomy"));
            harness.routes.start();
            Payload payload = Payload.owning(new byte[1_000]);

            Harness.soon().until(() -> !deliver(sink, message("a", payload, MessageProperties.NONE))
                    .equals(Delivery.accepted()));

            CompletableFuture<Delivery> refused = Harness.offer(sink, message("a", payload, MessageProperties.NONE));
            assertThat(deliver(other, message("a", "1"))).isEqualTo(Delivery.accepted());
            assertThat(Harness.answerOf(refused))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                            .isEqualTo(Retry.soon()));
            assertThat(deliver(sink, message("a", Payload.owning(new byte[1_025]), MessageProperties.NONE)))
                    .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                            .isEqualTo(ReasonCode.PACKET_TOO_LARGE));
        }
    }

    @Test
    @DisplayName("is away fails what is sent at once, and is found again when it comes back")
    void awayAtFirst() {
        try (ArtemisServer later = ArtemisServer.start()) {
            later.stop();
            try (Harness harness = new Harness(later.url())) {
                Sink sink = harness.to("r", Settings.to("q"));
                harness.routes.start();
                assertThat(deliver(sink, message("a", "1"))).isEqualTo(soon("the AMQP broker cannot be reached"));
                assertThat(harness.states).doesNotContain(State.CONNECTED);

                later.restart();

                Harness.soon().until(() -> deliver(sink, message("a", "1")).equals(Delivery.accepted()));
                Harness.soon().until(() -> harness.states.contains(State.CONNECTED));
            }
        }
    }

    @Test
    @DisplayName("is lost is replaced by the next of the urls")
    void failover() {
        try (ArtemisServer first = ArtemisServer.start();
                ArtemisServer second = ArtemisServer.start();
                Harness harness = new Harness(Settings.endpoint(
                        "amqp://127.0.0.1:" + LoopbackPorts.free(), first.url() + "," + second.url()))) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();
            assertThat(deliver(sink, message("a", "1"))).isEqualTo(Delivery.accepted());
            // the broker counts a message a moment after it has accepted it
            Harness.soon().until(() -> first.messages("q") == 1);

            first.stop();

            Harness.soon().until(() -> deliver(sink, message("a", "2")).equals(Delivery.accepted()));
            Harness.soon().until(() -> second.messages("q") == 1);
        }
    }

    @Test
    @DisplayName("is stopped and started again loses nothing, and has each device's messages in their order")
    void stoppedAndStarted() throws JMSException {
        int devices = 8;
        int each = 400;
        try (ArtemisServer restarted = ArtemisServer.start();
                Harness harness = new Harness(restarted.url())) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();
            List<Device> senders = IntStream.range(0, devices)
                    .mapToObj(device -> new Device(sink, "d" + device, each))
                    .toList();
            senders.forEach(Device::start);
            Harness.soon().until(() -> restarted.messages("q") > devices * each / 8);

            restarted.stop();
            Harness.soon()
                    .until(() -> harness.states.stream()
                                    .filter(State.WAITING::equals)
                                    .count()
                            > 1);
            restarted.restart();

            senders.forEach(sender -> assertThat(sender.done).succeedsWithin(Duration.ofMinutes(2)));
            Map<String, List<Integer>> firsts = new LinkedHashMap<>();
            try (JmsApplication application = new JmsApplication(restarted.url())) {
                int present = (int) restarted.messages("q");
                for (jakarta.jms.Message message : application.receive("q", present)) {
                    String[] text = new String(message.getBody(byte[].class), UTF_8).split(" ");
                    List<Integer> seen = firsts.computeIfAbsent(text[0], name -> new ArrayList<>());
                    if (!seen.contains(Integer.valueOf(text[1]))) {
                        seen.add(Integer.valueOf(text[1]));
                    }
                }
                assertThat(present).isBetween(devices * each, devices * each + devices);
            }
            assertThat(firsts).hasSize(devices);
            assertThat(firsts.values()).allSatisfy(seen -> assertThat(seen)
                    .containsExactlyElementsOf(IntStream.range(0, each).boxed().toList()));
        }
    }

    /** Sends one message after the other, each again until it is taken, as a lane does for a device. */
    private static final class Device {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private static final Executor PAUSE = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);
        private final Sink sink;
        private final Queue<io.gantry.api.Message> left = new ConcurrentLinkedQueue<>();

        Device(Sink sink, String name, int number) {
            this.sink = sink;
            for (int i = 0; i < number; i++) {
                left.add(Harness.message(
                        "in/north",
                        Payload.ofText(name + " " + i),
                        Qos.AT_LEAST_ONCE,
                        false,
                        MessageProperties.NONE,
                        name));
            }
        }

        void start() {
            io.gantry.api.Message next = left.peek();
            if (next == null) {
                done.complete(null);
                return;
            }
            sink.offer(next, delivery -> {
                if (delivery.equals(Delivery.accepted())) {
                    left.remove();
                    start();
                } else {
                    PAUSE.execute(this::start);
                }
            });
        }
    }
}
