// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.message;
import static io.gantry.connectors.amqp.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.TlsSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A RabbitMQ with its AMQP 1.0 plugin")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RabbitMqIT {
    private @Nullable RabbitServer rabbit;

    @BeforeAll
    void start() throws IOException {
        Assumptions.assumeTrue(RabbitServer.isInstalled(), "RabbitMQ is not installed");
        rabbit = RabbitServer.start();
    }

    @AfterAll
    void close() {
        if (rabbit != null) {
            rabbit.close();
        }
    }

    private RabbitServer server() {
        if (rabbit == null) {
            throw new IllegalStateException("RabbitMQ is not running");
        }
        return rabbit;
    }

    private AmqpEndpointSettings settings(String password) {
        return Settings.endpoint(List.of(server().url()), "guest", password, null, TlsSettings.PLAIN);
    }

    private static Message everything() {
        return Harness.message(
                "in/north",
                Payload.ofText("{\"t\": 21.5}"),
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        null,
                        600L,
                        "application/json",
                        new TopicName("answers/1"),
                        Payload.owning(new byte[] {(byte) 0x80, 1}),
                        List.of(new UserProperty("b", "2"), new UserProperty("a", "1"))),
                null);
    }

    @Test
    @DisplayName("takes a message and gives it back with everything in it; one that is unavailable comes again")
    void roundTrip() {
        Message sent = everything();
        Queue<Message> back = new ConcurrentLinkedQueue<>();
        AtomicBoolean refused = new AtomicBoolean();
        try (Harness harness = new Harness(settings("guest"));
                Harness other = new Harness(settings("guest"), "gateway2")) {
            Sink sink =
                    harness.to("up", Settings.to("/queue/there", AddressKind.QUEUE, Map.of("site", "{site}"), true));
            other.routes.from(
                    "down", "erp", Settings.from("/queue/there", true, Map.of()), (received, acknowledgement) -> {
                        back.add(received);
                        acknowledgement.complete(
                                refused.getAndSet(true)
                                        ? Delivery.accepted()
                                        : new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "not now"));
                    });
            harness.routes.start();
            other.routes.start();
            other.routes.startSources();

            soon().until(() -> deliver(sink, sent).equals(Delivery.accepted()));

            soon().until(() -> back.size() == 2);
        }
        assertThat(back).allSatisfy(message -> {
            assertThat(message.topic()).isEqualTo(sent.topic());
            assertThat(message.payload()).isEqualTo(sent.payload());
            assertThat(message.qos()).isEqualTo(sent.qos());
            assertThat(message.retain()).isTrue();
            assertThat(Harness.unmarked(message).properties().withExpirySeconds(600L))
                    .isEqualTo(sent.properties());
            assertThat(message.properties().expirySeconds()).isBetween(400L, 600L);
            assertThat(((Origin.Endpoint) message.origin()).headers()).contains(new UserProperty("site", "north"));
        });
    }

    @Test
    @DisplayName("refuses a wrong password: the route is parked")
    void refuses() {
        try (Harness harness = new Harness(settings("wrong"))) {
            Sink sink = harness.to("up", Settings.to("/queue/q"));
            harness.routes.start();

            assertThat(deliver(sink, message("a", "1")))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                            .isEqualTo(Retry.whenMended()));
        }
    }
}
