// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An AMQP broker that is broken")
class AmqpBrokenBrokersIT {
    private static final Duration NEVER_REACHED = Duration.ofHours(1);

    /** Far above what a test takes, and below what Qpid's client would wait for a silent broker by itself. */
    private static final Duration TOO_LONG = Duration.ofSeconds(45);

    @Test
    @DisplayName("and sends a larger frame than the gateway allows is left, and gets the message over another [D13]")
    void frameTooLarge() {
        assertIsLeft(NEVER_REACHED, (number, link, delivery) -> {
            int allowed = link.getSession().getConnection().getTransport().getRemoteMaxFrameSize();
            ByteBuffer head = ByteBuffer.allocate(8).putInt(allowed + 1).putInt(2 << 24);
            ScriptedBroker.send(link, head.array());
        });
    }

    @Test
    @DisplayName("and sends what is no frame is left, and gets the message over another connection [D13]")
    void noFrame() {
        assertIsLeft(NEVER_REACHED, (number, link, delivery) -> ScriptedBroker.send(link, new byte[64]));
    }

    @Test
    @DisplayName("and is silent for longer than idle-timeout is left, and gets the message over another [D13]")
    void silent() {
        assertIsLeft(Duration.ofSeconds(1), (number, link, delivery) -> {});
    }

    /** The first message is answered as the test wants it, and lost by that; all others are taken. */
    private static void assertIsLeft(Duration idleTimeout, ScriptedBroker.Script answer) {
        try (ScriptedBroker broker = new ScriptedBroker(10, (number, link, delivery) -> {
                    if (number == 1) {
                        answer.on(number, link, delivery);
                    } else {
                        ScriptedBroker.settle(delivery, Accepted.getInstance());
                    }
                });
                Harness harness = new Harness(Settings.bounded(broker.url(), Duration.ofSeconds(30), idleTimeout))) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();
            Harness.soon().until(() -> harness.states.contains(State.CONNECTED));
            Message message = message("a", "1");
            long start = System.nanoTime();

            assertThat(deliver(sink, message))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, lost -> assertThat(lost.retry())
                            .isEqualTo(Retry.soon()));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TOO_LONG);
            Harness.soon().until(() -> deliver(sink, message).equals(Delivery.accepted()));

            assertThat(broker.connections).hasValueGreaterThan(1);
            assertThat(broker.ids).containsOnly("ID:" + message.id());
        }
    }

    @Test
    @DisplayName("and accepts connections without a word is given up after connect-timeout [D4]")
    void neverAnswers() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Harness harness = new Harness(Settings.bounded(
                        "amqp://127.0.0.1:" + mute.getLocalPort(), Duration.ofMillis(500), NEVER_REACHED))) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();

            assertThat(deliver(sink, message("a", "1")))
                    .isEqualTo(new Delivery.Unavailable(
                            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the AMQP broker cannot be reached"));
            assertThat(harness.states).containsOnly(State.WAITING);
        }
    }

    @Test
    @DisplayName("and has no address is tried again soon: it may get one [D17]")
    void unknownHost() {
        try (Harness harness = new Harness("amqp://no-such-host.invalid")) {
            Sink sink = harness.to("r", Settings.to("q"));
            harness.routes.start();

            assertThat(deliver(sink, message("a", "1")))
                    .isEqualTo(new Delivery.Unavailable(
                            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the AMQP broker cannot be reached"));
        }
    }

    @Test
    @DisplayName("and takes small frames only gets a larger message in many, and whole [D13]")
    void smallFrames() {
        try (ScriptedBroker broker = new ScriptedBroker(
                10, (number, link, delivery) -> ScriptedBroker.settle(delivery, Accepted.getInstance()))) {
            broker.maxFrameSize(512);
            try (Harness harness = new Harness(Settings.withConnections(broker.url(), 1))) {
                Sink sink = harness.to("r", Settings.to("q"));
                harness.routes.start();

                Message large = message("a", Payload.owning(new byte[100_000]), MessageProperties.NONE);
                Harness.soon().until(() -> deliver(sink, large).equals(Delivery.accepted()));

                assertThat(broker.ids).containsOnly("ID:" + large.id());
            }
        }
    }
}
