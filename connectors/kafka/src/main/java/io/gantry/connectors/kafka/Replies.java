// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Answer;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.connectors.spi.ChangesOnly;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the answers of one Kafka topic, on a thread of its own, and gives each to whoever waits for it. Belongs to no
 * consumer group, as every gateway has to see every answer; what is for nobody here is passed over.
 */
final class Replies implements AutoCloseable {
    /** As Spring for Apache Kafka calls them, so that what is written with it answers without more ado. */
    static final String CORRELATION = "kafka_correlationId";

    static final String REPLY_TOPIC = "kafka_replyTopic";

    /** So many requests may be unanswered at once. */
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int CLOSE_MILLIS = 5_000;

    private final ClientSettings clients;
    private final KafkaReach reach;
    private final String topic;
    private final EventCounts<EndpointEvent> counts;
    private final Map<String, CompletableFuture<@Nullable Answer>> waiting = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final ChangesOnly reported = new ChangesOnly();
    private final ChangesOnly passedOver = new ChangesOnly();
    private final Thread thread = new Thread(this::run);
    private volatile boolean reading;
    private volatile boolean closed;

    /** Starts to read. */
    Replies(ClientSettings clients, KafkaReach reach, String topic, EventCounts<EndpointEvent> counts) {
        this.counts = counts;
        this.clients = clients;
        this.reach = reach;
        this.topic = topic;
        thread.setName("kafka-replies-" + clients.endpoint() + "-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    String topic() {
        return topic;
    }

    /**
     * Expects an answer. A request that is expected twice is one.
     *
     * @return null when answers cannot be read now, or too many are expected already
     */
    @Nullable CompletableFuture<@Nullable Answer> expect(String correlation) {
        if (!reading || closed || waiting.size() >= MOST) {
            return null;
        }
        return waiting.computeIfAbsent(correlation, missing -> new CompletableFuture<>());
    }

    /** Nobody waits any more. */
    void forget(String correlation) {
        waiting.remove(correlation);
    }

    private void run() {
        try {
            while (!closed) {
                read();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException | InterruptException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until something fails. Where an earlier one has stopped, the next goes on. */
    private void read() {
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = new KafkaConsumer<>(
                    clients.replyReader(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            long lookAt = System.nanoTime();
            while (!closed) {
                if (System.nanoTime() - lookAt >= 0) {
                    assignAll(consumer);
                    lookAt = System.nanoTime() + LOOK_NANOS;
                }
                reading = !positions.isEmpty();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                    hand(record);
                }
            }
        } catch (InterruptException closing) {
            throw closing;
        } catch (KafkaException failure) {
            reach.doubt();
            if (reported.isNews(failure.getClass().getName())) {
                LOG.atWarn()
                        .addKeyValue("kafkaTopic", topic)
                        .addKeyValue("failure", failure.toString())
                        .log("reading answers from Kafka failed and is tried again");
            }
        } finally {
            reading = false;
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(LAST_WORDS));
            }
        }
    }

    /** From their ends on, those that are new to us; the others from where we were. */
    private void assignAll(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> all = new HashSet<>();
        consumer.partitionsFor(topic).forEach(found -> all.add(new TopicPartition(topic, found.partition())));
        if (all.isEmpty()) {
            throw new UnknownTopicOrPartitionException("no Kafka topic " + topic);
        }
        if (consumer.assignment().equals(all)) {
            return;
        }
        boolean first = positions.isEmpty();
        Set<TopicPartition> unknown = new HashSet<>(all);
        unknown.removeAll(positions.keySet());
        // A partition that was added later has nothing from before.
        positions.putAll(first ? consumer.endOffsets(unknown) : consumer.beginningOffsets(unknown));
        consumer.assign(all);
        all.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    }

    private void hand(ConsumerRecord<byte[], byte[]> record) {
        Header correlation = record.headers().lastHeader(CORRELATION);
        String name = correlation == null ? "" : text(correlation.value());
        CompletableFuture<@Nullable Answer> expected = waiting.remove(name);
        if (expected != null && expected.complete(answerOf(record))) {
            return;
        }
        counts.count(EndpointEvent.ANSWERED_NOBODY);
        if (passedOver.isNews(topic)) {
            LOG.atInfo()
                    .addKeyValue("kafkaTopic", topic)
                    .log("an answer is late, comes twice or is another gateway's; more are not logged for a while");
        }
    }

    /** What the answer's headers say of it is believed, as it says nothing about where it goes. */
    private static Answer answerOf(ConsumerRecord<byte[], byte[]> record) {
        Payload payload = record.value() == null ? Payload.EMPTY : Payload.owning(record.value());
        try {
            return new Answer(
                    payload,
                    MessageHeaders.read(true, Map.of(), name -> {
                                Header header = record.headers().lastHeader(name);
                                return header == null ? null : text(header.value());
                            })
                            .properties());
        } catch (RejectedMessageException wrong) {
            return new Answer(payload, MessageProperties.NONE);
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Ends reading; whoever still waits is told that nothing came. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        List.copyOf(waiting.values()).forEach(unanswered -> unanswered.complete(null));
    }
}
