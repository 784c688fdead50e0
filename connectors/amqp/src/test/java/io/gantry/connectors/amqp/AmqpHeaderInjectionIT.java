// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.testbed.ArtemisServer;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("Nobody names a header of JMS, AMQP or Camel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpHeaderInjectionIT {
    private static final List<String> OF_JMS = List.of(
            "JMSReplyTo",
            "JMSDestination",
            "JMSCorrelationID",
            "JMSXGroupID",
            "JMS_AMQP_TTL",
            "JMS_AMQP_ACK_TYPE",
            "_AMQ_DUPL_ID",
            "_AMQ_ROUTING_TYPE",
            "mqtt_topic",
            "gantry_hops");

    private static final int AT_ONCE = 200;

    private final ArtemisServer artemis = ArtemisServer.start();

    @AfterAll
    void close() {
        artemis.close();
    }

    private static Set<String> names() {
        CamelCatalog catalog = new DefaultCamelCatalog();
        Set<String> names = new TreeSet<>(OF_JMS);
        for (String component : catalog.findComponentNames()) {
            catalog.componentModel(component).getEndpointHeaders().stream()
                    .map(BaseOptionModel::getName)
                    .forEach(names::add);
        }
        for (String name : List.copyOf(names)) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        assertThat(names)
                .as("header names in the catalogue")
                .hasSizeGreaterThan(1_000)
                .contains("CamelJmsDestinationName");
        return names;
    }

    /** A device puts the name wherever a device can put a text, and a place of its choice behind it. */
    private static Message message(String name) {
        TopicName topic = new TopicName("in/" + name.replaceAll("[/+#]", "_"));
        return new Message(
                Harness.IDS.next(),
                topic,
                Payload.ofText(name),
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(
                        null,
                        null,
                        name,
                        topic,
                        null,
                        List.of(new UserProperty(name, "stolen"), new UserProperty(name, "9"))),
                new Origin.Device(new ClientId(name), name),
                System.currentTimeMillis());
    }

    @Test
    @DisplayName("a device: each name of the catalogue leaves address and properties as the route says")
    void upwards() throws JMSException {
        Set<String> names = names();
        try (Harness harness = new Harness(artemis.url());
                JmsApplication application = new JmsApplication(artemis.url())) {
            Sink sink = harness.to(
                    "up",
                    Settings.to(
                            "right", AddressKind.QUEUE, Map.of("site", "{site}", "user", "{user.JMSReplyTo}"), false));
            harness.routes.start();
            List<CompletableFuture<Delivery>> answers = new ArrayList<>();
            for (String name : names) {
                answers.add(Harness.offer(sink, message(name)));
                if (answers.size() > AT_ONCE) {
                    assertThat(Harness.answerOf(answers.remove(0))).isEqualTo(Delivery.accepted());
                }
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(Harness.answerOf(answer)).isEqualTo(Delivery.accepted()));

            Set<String> arrived = new HashSet<>();
            for (jakarta.jms.Message received : application.receive("right", names.size())) {
                arrived.add(new String(received.getBody(byte[].class), UTF_8));
                assertThat(received.getJMSReplyTo()).isNull();
                assertThat(received.getJMSCorrelationID()).isNull();
                assertThat(received.getJMSExpiration()).isZero();
                assertThat(Collections.list(received.getPropertyNames()))
                        .map(Object::toString)
                        .isSubsetOf("site", "user", "_AMQ_DUPL_ID", "JMSXDeliveryCount");
            }
            assertThat(arrived).isEqualTo(names);
            assertThat(artemis.hasQueue("stolen")).isFalse();
        }
    }

    @Test
    @DisplayName("an application: what its properties are called changes nothing about the message in the gateway")
    void downwards() throws JMSException {
        Set<String> names = names();
        names.removeIf(name -> name.toUpperCase(Locale.ROOT).startsWith("JMS"));
        Queue<Message> arrived = new ConcurrentLinkedQueue<>();
        try (Harness harness = new Harness(artemis.url());
                JmsApplication application = new JmsApplication(artemis.url() + "?jms.validatePropertyNames=false")) {
            harness.routes.from("down", "erp", Settings.from("in"), (message, acknowledgement) -> {
                arrived.add(message);
                acknowledgement.complete(Delivery.accepted());
            });
            harness.routes.start();
            harness.routes.startSources();
            try (MessageProducer producer = application.session.createProducer(application.session.createQueue("in"))) {
                producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
                for (String name : names) {
                    TextMessage message = application.session.createTextMessage(name);
                    message.setStringProperty(name, "stolen");
                    producer.send(message);
                }
            }

            soon().until(() -> arrived.size() == names.size());
            assertThat(arrived).allSatisfy(message -> {
                assertThat(message.topic().value()).isEqualTo("in");
                assertThat(message.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
                assertThat(message.retain()).isFalse();
                assertThat(((Origin.Endpoint) message.origin()).key()).isNull();
                assertThat(message.properties().responseTopic()).isNull();
            });
        }
    }
}
