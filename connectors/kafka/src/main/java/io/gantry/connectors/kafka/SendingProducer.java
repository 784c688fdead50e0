// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/** What Camel takes for the Kafka producer of a route: it can send, and closing it closes nothing that others use. */
final class SendingProducer implements Producer<byte[], byte[]> {
    private static final Callback NOBODY = (metadata, failure) -> {};

    private final RecordSender sender;

    SendingProducer(RecordSender sender) {
        this.sender = sender;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message) {
        return sender.send(message, NOBODY);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, @Nullable Callback callback) {
        return sender.send(message, callback == null ? NOBODY : callback);
    }

    @Override
    public void close() {
        // The Camel producer of one route ends; whoever made the sender ends it.
    }

    @Override
    public void close(Duration timeout) {
        close();
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
