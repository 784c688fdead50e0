// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.MessageProperties;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Template;
import io.gantry.routes.CamelUriConnector;
import io.gantry.routes.CamelUriConnector.CamelUri;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("No device names a header of camel-kafka")
@ExtendWith(SharedKafka.class)
class KafkaHeaderInjectionIT {
    private static final List<String> NAMES = List.of(
            "kafka.OVERRIDE_TOPIC",
            "KAFKA.override_topic",
            "kafka.PARTITION_KEY",
            "kafka.KEY",
            "kafka.OVERRIDE_TIMESTAMP",
            "kafka.TOPIC",
            "CamelKafkaTopic",
            "CamelToEndpoint");

    private static MessageProperties everywhere(String name) {
        return new MessageProperties(
                null, null, name, null, null, List.of(new UserProperty(name, "stolen"), new UserProperty(name, "3")));
    }

    @Test
    @DisplayName("Kafka topic, key, partition and headers stay what the route says, through the connector and through a"
            + " plain camel-kafka URI")
    void staysWithTheRoute() {
        KafkaServer kafka = SharedKafka.server();
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            kafka.createTopic("right", 1);
            kafka.createTopic("plain", 1);
            kafka.createTopic("stolen", 1);
            harness.routes.open("camel", new CamelUriConnector(), new CamelUriConnector.NoSettings());
            TopicPattern pattern = TopicPattern.fromText("in/{name}");
            KafkaTo to = Settings.to("right", "{client}", Map.of("name", Template.fromText("{name}")));
            Sink connector =
                    harness.routes.to("connector", "plant", to, pattern).sink();
            Sink plain = harness.routes
                    .to("plain", "camel", new CamelUri("kafka:plain?brokers=" + kafka.bootstrapServers()), pattern)
                    .sink();
            harness.routes.start();

            for (String name : NAMES) {
                deliverAccepted(connector, message(name, "in/" + name, name, everywhere(name)));
                deliverAccepted(plain, message(name, "in/" + name, name, everywhere(name)));
            }

            KafkaRecords records = SharedKafka.records();
            assertThat(records.consumeTexts("right")).containsExactlyElementsOf(NAMES);
            assertThat(records.consumeAll("right")).allSatisfy(KafkaHeaderInjectionIT::isAsTheRouteSays);
            assertThat(records.consumeTexts("plain")).containsExactlyElementsOf(NAMES);
            assertThat(records.consumeAll("plain")).allSatisfy(record -> {
                assertThat(record.key()).isNull();
                assertThat(record.headers()).isEmpty();
            });
            assertThat(records.consumeAll("stolen")).isEmpty();
        }
    }

    private static void isAsTheRouteSays(ConsumerRecord<byte[], byte[]> record) {
        String name = new String(record.value(), UTF_8);
        assertThat(record.key()).asString(UTF_8).isEqualTo(name);
        assertThat(record.headers()).hasSize(1);
        assertThat(record.headers().lastHeader("name").value()).asString(UTF_8).isEqualTo(name);
    }
}
