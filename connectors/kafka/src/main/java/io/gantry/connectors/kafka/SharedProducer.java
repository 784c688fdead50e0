// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one producer of an endpoint, which the Camel producers of all its routes send through; closing theirs does not
 * close it. A send may wait for the metadata of its Kafka topic or for room only when that promises to help, because
 * it holds up all routes to the endpoint: a topic that could not be found is refused at once until the endpoint's own
 * thread has found it.
 */
final class SharedProducer implements Producer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(SharedProducer.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Map<String, Object> settings;
    private final KafkaReach reach;
    private final Set<String> absent = ConcurrentHashMap.newKeySet();
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private volatile @Nullable KafkaProducer<byte[], byte[]> client;
    private volatile boolean full;

    SharedProducer(Map<String, Object> settings, KafkaReach reach) {
        this.settings = settings;
        this.reach = reach;
        connect();
    }

    private void connect() {
        try {
            client = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException unresolved) {
            LOG.atWarn().addKeyValue("failure", unresolved.toString()).log("Kafka cannot be connected to now");
        }
    }

    /** Kafka answers: finds out whether what could not be sent before can be sent now. May wait a bounded time. */
    void recheck() {
        full = false;
        KafkaProducer<byte[], byte[]> connected = client;
        if (connected == null) {
            connect();
            return;
        }
        for (String topic : List.copyOf(expected)) {
            expected.remove(topic);
            isAbsent(connected, topic);
        }
        for (String topic : List.copyOf(absent)) {
            if (isAbsent(connected, topic)) {
                return;
            }
            absent.remove(topic);
        }
    }

    private static boolean isAbsent(KafkaProducer<byte[], byte[]> connected, String topic) {
        try {
            connected.partitionsFor(topic);
            return false;
        } catch (TimeoutException notFound) {
            return true;
        } catch (KafkaException refused) {
            // Not a matter of waiting: the next send is told what it is.
            return false;
        }
    }

    /** A route sends there: looked for once when Kafka answers, so that the first message need not wait for it. */
    void expect(String topic) {
        expected.add(topic);
        reach.doubt();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, @Nullable Callback callback) {
        KafkaProducer<byte[], byte[]> connected = client;
        if (connected == null) {
            return refuse(callback, "Kafka is not connected");
        }
        if (full && !reach.isConnected()) {
            return refuse(callback, "Kafka is away and the buffer is full");
        }
        if (!absent.isEmpty() && absent.contains(message.topic())) {
            return refuse(callback, "the Kafka topic was not found");
        }
        Future<RecordMetadata> sent = connected.send(message, callback);
        if (sent.isDone()) {
            noteFailure(message.topic(), sent);
        }
        return sent;
    }

    private Future<RecordMetadata> refuse(@Nullable Callback callback, String why) {
        TimeoutException refusal = new TimeoutException(why);
        if (callback != null) {
            callback.onCompletion(null, refusal);
        }
        return CompletableFuture.failedFuture(refusal);
    }

    /** A send that is over at once either was refused at once, or has waited in vain. */
    private void noteFailure(String topic, Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof BufferExhaustedException) {
                full = true;
                reach.doubt();
            } else if (failure.getCause() instanceof TimeoutException) {
                absent.add(topic);
                reach.doubt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what waits, within a bounded time, and ends. */
    void shutDown() {
        KafkaProducer<byte[], byte[]> connected = client;
        if (connected != null) {
            connected.close(CLOSE);
        }
    }

    @Override
    public void close() {
        // The Camel producer of one route ends; the others go on.
    }

    @Override
    public void close(Duration timeout) {
        close();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message) {
        return send(message, null);
    }

    @Override
    public void flush() {
        throw unused();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        throw unused();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw unused();
    }

    @Override
    public void initTransactions() {
        throw unused();
    }

    @Override
    public void beginTransaction() {
        throw unused();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        throw unused();
    }

    @Override
    public void commitTransaction() {
        throw unused();
    }

    @Override
    public void abortTransaction() {
        throw unused();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw unused();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("not needed by Camel's producer");
    }
}
