// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Delivery;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka producer that ends when going on would break the order: when a record that it had taken fails for now while
 * others to its Kafka topic wait behind it. Ended on the thread that sends, before that sends anything else, so that
 * what waits fails as well. Where nothing waits behind the failed record, only its Kafka topic is refused for a while,
 * and other routes notice nothing.
 */
final class OrderedProducer implements RecordSender {
    private static final Logger LOG = LoggerFactory.getLogger(OrderedProducer.class);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final KafkaProducer<byte[], byte[]> client;
    private final RefusedTopics refused;
    private final Runnable whenEnded;
    private final Map<String, AtomicInteger> unanswered = new ConcurrentHashMap<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Connects in the background.
     *
     * @param whenEnded called on the thread that sends, once, before the first of the failures is told
     * @throws KafkaException when none of the brokers' names can be resolved
     */
    OrderedProducer(Map<String, Object> settings, RefusedTopics refused, Runnable whenEnded) {
        this.client = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.refused = refused;
        this.whenEnded = whenEnded;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
        AtomicInteger waiting = unanswered.computeIfAbsent(message.topic(), topic -> new AtomicInteger());
        Answer answer = new Answer(message.topic(), waiting, callback);
        // Counted before the look at what is refused; a failure does it the other way round: one of the two sees the
        // other.
        waiting.incrementAndGet();
        Exception refusal = refused.why(message.topic());
        if (refusal != null) {
            answer.onCompletion(null, refusal);
            return CompletableFuture.failedFuture(refusal);
        }
        try {
            PartitionCheck.check(message, client);
            return client.send(message, answer);
        } catch (KafkaException | IllegalStateException closed) {
            answer.onCompletion(null, closed);
            return CompletableFuture.failedFuture(closed);
        }
    }

    /** Waits for the Kafka topic's metadata, a bounded time; null when it is there or only a send can tell what is wrong. */
    @Nullable Exception lookFor(String topic) {
        try {
            client.partitionsFor(topic);
            return null;
        } catch (TimeoutException notFound) {
            return notFound.getCause() instanceof RetriableException cause ? cause : notFound;
        } catch (KafkaException refusedOrClosed) {
            return null;
        }
    }

    /** Ends: sends what waits as far as that is possible within the time, fails the rest, and has then answered all. */
    void close(Duration timeout) {
        ended.set(true);
        client.close(timeout);
    }

    private void endAtOnce(Exception failure) {
        if (ended.compareAndSet(false, true)) {
            LOG.atInfo()
                    .addKeyValue("failure", failure.toString())
                    .log("The Kafka producer ends with what waits in it, to keep the order; another one follows");
            whenEnded.run();
            client.close(AT_ONCE);
        }
    }

    /** Whether it says nothing about the producer, nor about other Kafka topics. */
    private static boolean concernsOnlyTheTopic(Exception failure) {
        return failure instanceof RetriableException || failure instanceof TopicAuthorizationException;
    }

    /** What waits for one record. */
    private final class Answer implements Callback {
        private final String topic;
        private final AtomicInteger waiting;
        private final Callback callback;
        private final Thread sending = Thread.currentThread();
        private final AtomicBoolean given = new AtomicBoolean();

        Answer(String topic, AtomicInteger waiting, Callback callback) {
            this.topic = topic;
            this.waiting = waiting;
            this.callback = callback;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            // A producer in trouble may answer a record and throw as well.
            if (!given.compareAndSet(false, true)) {
                return;
            }
            boolean wasTaken = Thread.currentThread() != sending;
            if (failure != null && wasTaken && SendFailures.classify(failure) instanceof Delivery.Unavailable) {
                if (!ended.get()) {
                    refused.add(topic, failure);
                }
                if (waiting.decrementAndGet() > 0 || !concernsOnlyTheTopic(failure)) {
                    endAtOnce(failure);
                }
            } else {
                waiting.decrementAndGet();
            }
            callback.onCompletion(metadata, failure);
        }
    }
}
