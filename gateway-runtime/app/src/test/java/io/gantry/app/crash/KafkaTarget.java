// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A Kafka topic, read as those read it who want only what is committed. */
final class KafkaTarget implements Target {
    private static final int PARTITIONS = 3;

    private final KafkaRecords records;
    private final String topic;

    /** Makes the Kafka topic. */
    KafkaTarget(KafkaServer kafka, String topic) {
        this.records = KafkaRecords.at(kafka.bootstrapServers());
        this.topic = topic;
        kafka.createTopic(topic, PARTITIONS);
    }

    /** What stands under {@code to:} of a route that leads here by the endpoint {@code plant}. */
    String side(String more) {
        return "{plant: {topic: %s, headers: {topic: \"{topic}\", id: \"{id}\"}%s}}".formatted(topic, more);
    }

    @Override
    public List<Seen> seen() {
        return records.consumeAll(topic).stream()
                .map(record -> Seen.of(record.value(), header(record, "topic"), header(record, "id")))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
