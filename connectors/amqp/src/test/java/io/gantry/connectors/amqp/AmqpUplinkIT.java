// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Sink;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.ArtemisServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("Messages to Artemis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpUplinkIT {
    private final ArtemisServer artemis = ArtemisServer.start();
    private final Harness harness = new Harness(artemis.url());

    @BeforeAll
    void start() {
        harness.routes.start();
    }

    @AfterAll
    void close() {
        harness.close();
        artemis.close();
    }

    private Sink to(String route, AmqpTo settings) {
        return harness.to(route, settings);
    }

    private static MessageProperties contentType(String type) {
        return new MessageProperties(null, null, type, null, null, List.of());
    }

    private static void deliverAll(Sink sink, int number) {
        List<CompletableFuture<Delivery>> answers = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            answers.add(Harness.offer(sink, message("north", "m" + i)));
        }
        assertThat(answers)
                .allSatisfy(answer -> assertThat(Harness.answerOf(answer)).isEqualTo(Delivery.accepted()));
    }

    @Test
    @DisplayName(
            "are JMS messages to an application: text or bytes, with properties as text, id, correlation, priority,"
                    + " expiry and durability")
    void properJmsMessages() throws JMSException {
        AmqpTo settings = new AmqpTo(
                Template.fromText("jms"),
                AddressKind.QUEUE,
                AmqpTo.Durable.BY_QOS,
                7,
                Template.fromText("{client}"),
                Map.of("site", Template.fromText("{site}"), "missing", Template.fromText("{user.none}")),
                false,
                false,
                null,
                null,
                Duration.ofSeconds(30));
        Sink sink = to("jms", settings);
        io.gantry.api.Message sent = message(
                "north",
                Payload.ofText("{\"t\": 21.5}"),
                new MessageProperties(null, 3_600L, "application/json", null, Payload.ofText("ask-1"), List.of()));

        assertThat(deliver(sink, sent)).isEqualTo(Delivery.accepted());

        try (JmsApplication application = new JmsApplication(artemis.url())) {
            Message received = application.receive("jms");
            assertThat(received).isInstanceOf(TextMessage.class);
            assertThat(((TextMessage) received).getText()).isEqualTo("{\"t\": 21.5}");
            assertThat(received.getJMSMessageID()).isEqualTo("ID:" + sent.id());
            assertThat(received.getJMSCorrelationID()).isEqualTo("ask-1");
            assertThat(received.getJMSPriority()).isEqualTo(7);
            assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
            assertThat(received.getJMSExpiration() - System.currentTimeMillis()).isBetween(3_000_000L, 3_600_000L);
            assertThat(received.getStringProperty("site")).isEqualTo("north");
            assertThat(received.getStringProperty("JMSXGroupID")).isEqualTo("device-1");
            assertThat(Collections.list(received.getPropertyNames()))
                    .doesNotContain("missing")
                    .allSatisfy(name -> assertThat(name.toString()).doesNotStartWith("mqtt"));
            assertThat(JmsApplication.contentType(received)).isEqualTo("application/json");
        }
    }

    @Test
    @DisplayName("are texts by Content Type or Payload Format, if they are UTF-8, and otherwise bytes as they came")
    void textOrBytes() throws JMSException {
        Sink sink = to("kinds", Settings.to("kinds"));
        Payload notUtf8 = Payload.owning(new byte[] {(byte) 0xC3, 0x28});
        deliver(sink, message("a", Payload.ofText("1"), contentType("text/plain; charset=UTF-8")));
        deliver(sink, message("a", Payload.ofText("2"), contentType("application/vnd.x+json")));
        deliver(
                sink,
                message(
                        "a",
                        Payload.ofText("3"),
                        new MessageProperties(PayloadFormat.TEXT, null, null, null, null, List.of())));
        deliver(sink, message("a", Payload.ofText("4"), contentType("application/cbor")));
        deliver(sink, message("a", notUtf8, contentType("text/plain")));
        deliver(sink, message("a", Payload.ofText("6"), contentType("text/plain; charset=iso-8859-1")));
        deliver(sink, message("a", Payload.EMPTY, MessageProperties.NONE));

        try (JmsApplication application = new JmsApplication(artemis.url())) {
            List<Message> received = application.receive("kinds", 7);
            assertThat(received.subList(0, 3))
                    .allSatisfy(message -> assertThat(message).isInstanceOf(TextMessage.class));
            assertThat(received.subList(3, 7))
                    .allSatisfy(message -> assertThat(message).isInstanceOf(BytesMessage.class));
            assertThat(received.get(3).getBody(byte[].class)).isEqualTo("4".getBytes(UTF_8));
            assertThat(received.get(4).getBody(byte[].class)).isEqualTo(notUtf8.sharedBytes());
            assertThat(((BytesMessage) received.get(6)).getBodyLength()).isZero();
        }
    }

    @Test
    @DisplayName("[C16] are never Java objects to a reader, whatever a device calls them")
    void neverAnObject() throws JMSException {
        Sink sink = to("objects", Settings.to("objects"));
        byte[] serialised = {(byte) 0xAC, (byte) 0xED, 0, 5, 't', 0, 1, 'x'};

        deliver(
                sink,
                message("a", Payload.owning(serialised), contentType("application/X-Java-serialized-Object; a=b")));

        try (JmsApplication application = new JmsApplication(artemis.url())) {
            Message received = application.receive("objects");
            assertThat(received).isInstanceOf(BytesMessage.class).isNotInstanceOf(ObjectMessage.class);
            assertThat(JmsApplication.contentType(received)).isEqualTo("application/octet-stream");
        }
    }

    @Test
    @DisplayName("are not durable at QoS 0, and go to all who read a topic")
    void topic() throws JMSException {
        Sink sink = to("news", Settings.to("news", AddressKind.TOPIC, Map.of(), false));
        try (JmsApplication application = new JmsApplication(artemis.url());
                jakarta.jms.MessageConsumer one =
                        application.session.createConsumer(application.session.createTopic("news"));
                jakarta.jms.MessageConsumer other =
                        application.session.createConsumer(application.session.createTopic("news"))) {
            assertThat(deliver(sink, message("a", "1").atMostOnce())).isEqualTo(Delivery.accepted());

            Message received = one.receive(120_000);
            assertThat(received.getJMSDeliveryMode()).isEqualTo(DeliveryMode.NON_PERSISTENT);
            assertThat(other.receive(120_000).getBody(byte[].class)).isEqualTo("1".getBytes(UTF_8));
        }
    }

    @Test
    @DisplayName("[C6] reach an address made of what a device sent, which leaves its place in the name to none of it")
    void templatedAddress() throws JMSException {
        Sink sink = to("places", Settings.to("places.{user.site}"));

        for (String site : List.of("a", "A", "a.b", "*", "#", "x::y", "/queue/z", "$sys", "ä b")) {
            MessageProperties properties =
                    new MessageProperties(null, null, null, null, null, List.of(new UserProperty("site", site)));
            assertThat(deliver(sink, message("x", Payload.ofText(site), properties)))
                    .isEqualTo(Delivery.accepted());
        }

        try (JmsApplication application = new JmsApplication(artemis.url())) {
            for (String[] made : new String[][] {
                {"a", "a"},
                {"A", "A"},
                {"a_2eb", "a.b"},
                {"_2a", "*"},
                {"_23", "#"},
                {"x_3a_3ay", "x::y"},
                {"_2fqueue_2fz", "/queue/z"},
                {"_24sys", "$sys"},
                {"_c3_a4_20b", "ä b"}
            }) {
                assertThat(application.receive("places." + made[0]).getBody(byte[].class))
                        .isEqualTo(made[1].getBytes(UTF_8));
            }
        }
    }

    @Test
    @DisplayName("are told from repetitions by the broker, but not two routes' messages from each other")
    void repetition() throws JMSException {
        Sink one = to("twice", Settings.to("twice"));
        Sink other = to("twice-too", Settings.to("twice"));
        io.gantry.api.Message message = message("a", "1");

        assertThat(deliver(one, message)).isEqualTo(Delivery.accepted());
        assertThat(deliver(one, message)).isEqualTo(Delivery.accepted());
        assertThat(deliver(other, message)).isEqualTo(Delivery.accepted());
        assertThat(deliver(other, message("a", "2"))).isEqualTo(Delivery.accepted());

        try (JmsApplication application = new JmsApplication(artemis.url())) {
            List<Message> received = application.receive("twice", 3);
            assertThat(received.get(0).getBody(byte[].class)).isEqualTo("1".getBytes(UTF_8));
            assertThat(received.get(1).getBody(byte[].class)).isEqualTo("1".getBytes(UTF_8));
            assertThat(received.get(2).getBody(byte[].class)).isEqualTo("2".getBytes(UTF_8));
        }
        Harness.soon().until(() -> artemis.messages("twice") == 0);
    }

    @Test
    @DisplayName("are sent many at a time and all arrive")
    void manyAtATime() {
        Sink sink = to("many", Settings.to("many"));

        deliverAll(sink, 1_000);

        Harness.soon().until(() -> artemis.messages("many") == 1_000);
    }
}
