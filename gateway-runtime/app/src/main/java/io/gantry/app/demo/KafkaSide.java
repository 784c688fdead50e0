// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The far side: a real Kafka, a consumer that checks every record, and a producer of commands. */
final class KafkaSide implements FarSide {
    private static final int PARTITIONS = 4;

    private final DemoPlan plan;
    private final Tally tally;
    private final KafkaServer server;
    private final KafkaProducer<String, byte[]> commands;
    private final Thread checker;
    private volatile boolean closing;

    private KafkaSide(DemoPlan plan, Tally tally, KafkaServer server) {
        this.plan = plan;
        this.tally = tally;
        this.server = server;
        this.commands = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        server.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        // With more, a first batch that is refused while the next is taken is never taken
                        // (KAFKA-14359).
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5_000),
                new StringSerializer(),
                new ByteArraySerializer());
        this.checker = new Thread(this::check, "record-checker");
    }

    static KafkaSide start(DemoPlan plan, Tally tally, Path directory) {
        KafkaServer server = KafkaServer.start(directory.resolve("kafka"), LoopbackPorts.free());
        try {
            server.createTopic(DemoPlan.TELEMETRY, PARTITIONS);
            server.createTopic(DemoPlan.COMMANDS, PARTITIONS);
            KafkaSide side = new KafkaSide(plan, tally, server);
            side.checker.setDaemon(true);
            side.checker.start();
            return side;
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String endpoints() {
        return "plant: {kafka: {brokers: \"%s\"}}".formatted(server.bootstrapServers());
    }

    @Override
    public String routes() {
        String site = plan.site(this);
        return """
                %1$s:
                  from: {mqtt: "sensors/%2$s/{device}/telemetry"}
                  to: {plant: {topic: telemetry, key: "{device}", headers: {site: %3$s}}}

                %4$s:
                  from: {plant: {topic: commands, group: gantry, start: earliest}}
                  to: {mqtt: {topic: "sensors/{header.site}/{key}/commands", qos: 1}}
                """.formatted(
                        plan.route(this, DemoPlan.TELEMETRY),
                        plan.isAll() ? site : "{site}",
                        plan.isAll() ? site : "\"{site}\"",
                        plan.route(this, DemoPlan.COMMANDS));
    }

    private void check() {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                server.bootstrapServers(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                50);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(DemoPlan.TELEMETRY, partition))
                .toList();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::checkRecord);
            }
        } catch (RuntimeException failure) {
            tally.failed("the consumer ended: " + failure);
        }
    }

    private void checkRecord(ConsumerRecord<String, byte[]> record) {
        tally.arrived(DemoPlan.deviceOf(record.key()), NumberedPayload.numberIn(record.value()));
    }

    @Override
    public void sendCommand(int device, int number) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(DemoPlan.COMMANDS, DemoPlan.deviceName(device), NumberedPayload.of(number));
        record.headers().add("site", plan.site(this).getBytes(StandardCharsets.UTF_8));
        var unused = commands.send(record, (written, failure) -> {
            if (failure == null) {
                tally.commandSent();
            } else {
                tally.failed("a command could not be written: " + failure);
            }
        });
    }

    @Override
    public void flush() {
        commands.flush();
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        checker.join(5_000);
        commands.close(Duration.ofSeconds(2));
        server.close();
    }
}
