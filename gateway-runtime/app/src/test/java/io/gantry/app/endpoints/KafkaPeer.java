// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka in a process of its own, which takes no records of more than 150,000 bytes. */
final class KafkaPeer implements Peer {
    private static final int LARGEST_RECORD = 150_000;
    private static final int PATIENCE_MINUTES = 3;

    private final KafkaServer kafka;
    private final KafkaProducer<byte[], byte[]> producer;

    KafkaPeer() throws Exception {
        Path folder = Files.createTempDirectory("gantry-kafka");
        kafka = KafkaServer.start(
                folder, LoopbackPorts.free(), Map.of("message.max.bytes", Integer.toString(LARGEST_RECORD)));
        kafka.createTopic("readings", 1);
        kafka.createTopic("commands", 2);
        int patience = (int) TimeUnit.MINUTES.toMillis(PATIENCE_MINUTES);
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patience,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, patience);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public String endpoints() {
        return "plant: {kafka: {brokers: \"%s\", request-timeout: 3s, delivery-timeout: 5s}}"
                .formatted(kafka.bootstrapServers());
    }

    @Override
    public String to() {
        return "{plant: {topic: readings}}";
    }

    @Override
    public String from() {
        return "{plant: {topic: commands, start: earliest, max-in-flight: 100}}";
    }

    @Override
    public String device() {
        return "{key}";
    }

    @Override
    public List<Numbered> arrived() {
        return KafkaRecords.at(kafka.bootstrapServers()).consumeTexts("readings").stream()
                .map(Numbered::parse)
                .toList();
    }

    @Override
    public String poison() {
        return "x".repeat(LARGEST_RECORD + 10_000);
    }

    @Override
    public void send(Numbered message) throws Exception {
        send(message.device(), Integer.toString(message.number()));
    }

    @Override
    public void sendPoison() throws Exception {
        send("a/+/#", "0");
    }

    private void send(String key, String value) throws Exception {
        producer.send(KafkaRecords.record("commands", key, value)).get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    @Override
    public void away() {
        kafka.kill();
    }

    @Override
    public void back() {
        kafka.restart();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        kafka.close();
    }
}
