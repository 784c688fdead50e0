// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.testbed.ArtemisServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageConsumer;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("Messages from Artemis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpDownlinkIT {
    private static final Delivery NOT_NOW =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "not now");
    private static final Delivery NEVER = new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "never");

    private static final Answer ANSWER = new Answer(
            Payload.ofText("42"),
            new MessageProperties(
                    null,
                    null,
                    "application/json",
                    null,
                    null,
                    List.of(new UserProperty("unit", "°C"), new UserProperty("unit", "K"))));

    private final ArtemisServer artemis = ArtemisServer.start();
    private final List<Harness> harnesses = new ArrayList<>();
    private final JmsApplication application;

    AmqpDownlinkIT() throws JMSException {
        application = new JmsApplication(artemis.url());
    }

    @AfterAll
    void close() throws JMSException {
        harnesses.forEach(Harness::close);
        application.close();
        artemis.close();
    }

    /** The devices' side: keeps what comes, and answers as it is told. */
    private static final class Devices {
        final Queue<Message> messages = new ConcurrentLinkedQueue<>();
        final Queue<Acknowledgement> open = new ConcurrentLinkedQueue<>();

        List<String> texts() {
            return messages.stream().map(message -> message.payload().asText()).toList();
        }
    }

    private interface Answering {
        void on(Devices devices, Message message, Acknowledgement acknowledgement);
    }

    private Devices start(AmqpFrom settings, Answering answering) {
        Devices devices = new Devices();
        Harness harness = new Harness(artemis.url());
        harnesses.add(harness);
        harness.routes.from("down", "erp", settings, (message, acknowledgement) -> {
            devices.messages.add(message);
            answering.on(devices, message, acknowledgement);
        });
        harness.routes.start();
        harness.routes.startSources();
        return devices;
    }

    private static Answering always(Delivery delivery) {
        return (devices, message, acknowledgement) -> acknowledgement.complete(delivery);
    }

    @Test
    @DisplayName(
            "bring payload, key, properties, content type, expiry and correlation id, and are accepted once the route"
                    + " has taken them")
    void everything() throws JMSException {
        Devices devices = start(
                Settings.from("full", false, Map.of("place", "site")),
                (all, message, acknowledgement) -> all.open.add(acknowledgement));
        application.send("full", session -> {
            TextMessage message = session.createTextMessage("21,5 °C");
            message.setStringProperty("site", "north");
            message.setIntProperty("number", 7);
            message.setStringProperty("mqtt_topic", "not/asked/for");
            message.setStringProperty("JMSXGroupID", "device-7");
            message.setJMSCorrelationID("ask-1");
            return message;
        });

        soon().until(() -> devices.messages.size() == 1);
        Message message = devices.messages.element();
        assertThat(message.topic().value()).isEqualTo("full");
        assertThat(message.payload().asText()).isEqualTo("21,5 °C");
        assertThat(message.properties())
                .isEqualTo(new MessageProperties(
                        PayloadFormat.TEXT,
                        null,
                        null,
                        null,
                        Payload.ofText("ask-1"),
                        List.of(new UserProperty("place", "north"))));
        Origin.Endpoint origin = (Origin.Endpoint) message.origin();
        assertThat(origin.key()).isEqualTo("device-7");
        assertThat(origin.headers()).contains(new UserProperty("site", "north"), new UserProperty("number", "7"));

        soon().until(() -> artemis.messages("full") == 1);
        devices.open.remove().complete(Delivery.accepted());
        soon().until(() -> artemis.messages("full") == 0);
    }

    @Test
    @DisplayName("go to the broker's dead letters when the route rejects them, and the next is read")
    void rejected() throws JMSException {
        Devices devices = start(
                Settings.from("refused"),
                (all, message, acknowledgement) -> acknowledgement.complete(
                        message.payload().asText().equals("bad") ? NEVER : Delivery.accepted()));
        for (String text : List.of("good", "bad", "better")) {
            application.send("refused", session -> session.createTextMessage(text));
        }

        soon().until(() -> devices.texts().equals(List.of("good", "bad", "better")));
        assertThat(application.receive(ArtemisServer.DEAD_LETTERS).getBody(String.class))
                .isEqualTo("bad");
        soon().until(() -> artemis.messages("refused") == 0);
    }

    @Test
    @DisplayName("come again, in their order and after a pause, when the route cannot take one now")
    void unavailable() throws JMSException {
        Devices devices = start(Settings.from("later"), (all, message, acknowledgement) -> {
            boolean first = all.messages.stream()
                            .filter(each -> each.payload().equals(message.payload()))
                            .count()
                    == 1;
            boolean troubled = message.payload().asText().equals("m03") && first;
            acknowledgement.complete(troubled ? NOT_NOW : Delivery.accepted());
        });
        for (int i = 0; i < 20; i++) {
            String text = String.format("m%02d", i);
            application.send("later", session -> session.createTextMessage(text));
        }

        soon().until(() -> artemis.messages("later") == 0 && devices.messages.size() > 20);
        List<String> firstSeen = devices.texts().stream().distinct().toList();
        assertThat(firstSeen)
                .containsExactlyElementsOf(IntStream.range(0, 20)
                        .mapToObj(i -> String.format("m%02d", i))
                        .toList());
        int again = devices.texts().lastIndexOf("m03");
        assertThat(devices.texts().subList(again + 1, devices.texts().size()))
                .as("what follows the repeated one is in order")
                .isSorted();
        assertThat(application
                        .session
                        .createBrowser(application.session.createQueue(ArtemisServer.DEAD_LETTERS))
                        .getEnumeration()
                        .hasMoreElements())
                .isFalse();
    }

    @Test
    @DisplayName("[C16] are rejected when they are objects, maps or too large; nothing is deserialised")
    void neverDeserialised() throws JMSException {
        Devices devices = start(Settings.from("odd"), always(Delivery.accepted()));
        application.send("odd", session -> session.createObjectMessage(new Explosive()));
        application.send("odd", session -> {
            MapMessage map = session.createMapMessage();
            map.setString("a", "b");
            return map;
        });
        application.send("odd", session -> {
            BytesMessage large = session.createBytesMessage();
            large.writeBytes(new byte[(1 << 20) + 1]);
            return large;
        });
        application.send("odd", jakarta.jms.Session::createMessage);
        application.send("odd", session -> {
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5});
            return bytes;
        });

        soon().until(() -> devices.messages.size() == 2);
        assertThat(devices.messages)
                .extracting(message -> message.payload().size())
                .containsExactly(0, 4);
        assertThat(application.receive(ArtemisServer.DEAD_LETTERS, 3)).hasSize(3);
        assertThat(Explosive.touched).isFalse();
        assertThat(harnesses.get(harnesses.size() - 1).routes.counts().get("down"))
                .containsEntry("refused", 3L)
                .containsEntry("accepted", 2L);
    }

    /** Notices when somebody deserialises it. */
    private static final class Explosive implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        static volatile boolean touched;

        private void readObject(java.io.ObjectInputStream in) {
            touched = true;
        }
    }

    @Test
    @DisplayName("of a durable subscription that came while the gateway was away are read later; a selector chooses")
    void subscription() throws JMSException {
        AmqpFrom settings = Settings.topic("notices", "gantry", "kind = 'alarm'");
        Devices before = start(settings, always(Delivery.accepted()));
        soon().until(() -> artemis.hasQueue("gantry:global"));
        harnesses.remove(harnesses.size() - 1).close();
        for (String kind : List.of("alarm", "chat", "alarm")) {
            application.publish("notices", session -> {
                TextMessage message = session.createTextMessage(kind);
                message.setStringProperty("kind", kind);
                return message;
            });
        }

        Devices after = start(settings, always(Delivery.accepted()));

        soon().until(() -> after.messages.size() == 2);
        assertThat(after.texts()).containsExactly("alarm", "alarm");
        assertThat(before.messages).isEmpty();
    }

    @Test
    @DisplayName(
            "that ask are answered to their reply-to address with their correlation id or else their message id; one"
                    + " that nobody answers and that names no such address becomes a dead letter")
    void answered() throws JMSException {
        start(
                Settings.answering("questions", false),
                (all, message, acknowledgement) -> acknowledgement.complete(
                        message.payload().asText().equals("silence") ? Answer.NOT_IN_TIME : Delivery.answered(ANSWER)));
        TemporaryQueue replies = application.session.createTemporaryQueue();
        TextMessage correlated = application.session.createTextMessage("first");
        correlated.setJMSReplyTo(replies);
        correlated.setJMSCorrelationIDAsBytes(new byte[] {1, 2, 3});
        TextMessage plain = application.session.createTextMessage("second");
        plain.setJMSReplyTo(replies);
        application.send("questions", session -> correlated);
        application.send("questions", session -> plain);
        application.send("questions", session -> session.createTextMessage("to nobody"));
        application.send("questions", session -> session.createTextMessage("silence"));

        try (MessageConsumer consumer = application.session.createConsumer(replies)) {
            jakarta.jms.Message first = consumer.receive(120_000);
            assertThat(first.getBody(String.class)).isEqualTo("42");
            assertThat(first.getJMSCorrelationIDAsBytes()).containsExactly(1, 2, 3);
            assertThat(JmsApplication.contentType(first)).isEqualTo("application/json");
            assertThat(Collections.list(first.getPropertyNames()))
                    .as("what was not asked for")
                    .noneMatch(name -> name.toString().startsWith("mqtt_"));
            assertThat(consumer.receive(120_000).getJMSCorrelationID()).isEqualTo(plain.getJMSMessageID());
        }
        assertThat(application.receive(ArtemisServer.DEAD_LETTERS).getBody(String.class))
                .isEqualTo("silence");
        soon().until(() -> artemis.messages("questions") == 0);
    }

    @Test
    @DisplayName(
            "that ask are answered with the device's User Properties and Content Type where properties are asked for, and"
                    + " are told by a status that there is no answer, or never will be")
    void toldAll() throws JMSException {
        Map<String, Delivery> outcomes = Map.of(
                "answer",
                Delivery.answered(ANSWER),
                "silence",
                Answer.NOT_IN_TIME,
                "round",
                Delivery.cameRound(),
                "bad",
                NEVER);
        start(
                Settings.answering("all-questions", true),
                (all, message, acknowledgement) -> acknowledgement.complete(
                        Objects.requireNonNull(outcomes.get(message.payload().asText()))));

        Map<String, jakarta.jms.Message> told = asked("all-questions", List.of("answer", "silence", "round", "bad"));

        jakarta.jms.Message answer = Objects.requireNonNull(told.get("answer"));
        assertThat(answer.getBody(String.class)).isEqualTo("42");
        assertThat(JmsApplication.contentType(answer)).isEqualTo("application/json");
        assertThat(answer.getStringProperty("mqtt_content_type")).isEqualTo("application/json");
        assertThat(answer.getStringProperty("mqtt_user_properties")).isEqualTo("unit=%C2%B0C&unit=K");
        assertThat(answer.propertyExists("statusCode")).isFalse();
        assertThat(status(told.get("silence"))).isEqualTo("504 no answer came in time");
        assertThat(status(told.get("round"))).isEqualTo("508 the message goes round");
        assertThat(status(told.get("bad"))).isEqualTo("400 never");
        assertThat(application.receive(ArtemisServer.DEAD_LETTERS).getBody(String.class))
                .as("the only one that is rejected")
                .isEqualTo("bad");
        soon().until(() -> artemis.messages("all-questions") == 0);
    }

    /** What an application is told for its questions, by these as correlation ids. */
    private Map<String, jakarta.jms.Message> asked(String address, List<String> questions) throws JMSException {
        TemporaryQueue replies = application.session.createTemporaryQueue();
        for (String question : questions) {
            application.send(address, session -> {
                TextMessage request = session.createTextMessage(question);
                request.setJMSReplyTo(replies);
                request.setJMSCorrelationID(question);
                return request;
            });
        }
        Map<String, jakarta.jms.Message> told = new HashMap<>();
        try (MessageConsumer consumer = application.session.createConsumer(replies)) {
            for (int i = 0; i < questions.size(); i++) {
                jakarta.jms.Message reply = consumer.receive(120_000);
                told.put(reply.getJMSCorrelationID(), reply);
            }
        }
        return told;
    }

    private static String status(jakarta.jms.@Nullable Message reply) throws JMSException {
        return Objects.requireNonNull(reply).getIntProperty("statusCode") + " "
                + reply.getStringProperty("statusDescription");
    }
}
