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
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer of an endpoint, which all its routes send through. When one has ended to keep the order, sends are
 * refused until the endpoint's own thread has made the next. A send may wait for the metadata of its Kafka topic or for
 * room only when that promises to help, because it holds up all routes to the endpoint: a topic that could not be found
 * is refused at once until the endpoint's own thread has found it.
 */
final class SharedProducer implements RecordSender {
    private static final Logger LOG = LoggerFactory.getLogger(SharedProducer.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** So long every sender has to learn that its records have failed before others may go. */
    private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();

    /** Each of them may cost the time that a send may wait. */
    private static final int MOST_ABSENT_PER_RECHECK = 3;

    private final Map<String, Object> settings;
    private final KafkaReach reach;
    private final RefusedTopics refused = new RefusedTopics();
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private volatile @Nullable OrderedProducer producer;
    private volatile boolean ended;
    private volatile long endedAt;
    private volatile boolean full;

    /**
     * Connects at once, or with the first recheck.
     *
     * @param atOnce false when that may wait for somebody, as a server that gives tokens
     */
    SharedProducer(Map<String, Object> settings, KafkaReach reach, boolean atOnce) {
        this.settings = settings;
        this.reach = reach;
        if (atOnce) {
            connect();
        }
    }

    private void connect() {
        try {
            ended = false;
            producer = new OrderedProducer(settings, refused, this::noteEnd);
        } catch (KafkaException unresolved) {
            LOG.atWarn().addKeyValue("failure", unresolved.toString()).log("Kafka cannot be connected to now");
        }
    }

    private void noteEnd() {
        endedAt = System.nanoTime();
        ended = true;
        reach.doubt();
    }

    /** Kafka answers: finds out whether what could not be sent before can be sent now. May wait a bounded time. */
    void recheck() {
        full = false;
        OrderedProducer connected = producer;
        if (connected == null) {
            connect();
            return;
        }
        if (ended) {
            replace(connected);
            return;
        }
        for (String topic : List.copyOf(expected)) {
            expected.remove(topic);
            connected.lookFor(topic);
        }
        lookForRefused(connected);
    }

    private void replace(OrderedProducer old) {
        if (System.nanoTime() - endedAt < REST_NANOS) {
            reach.doubt();
            return;
        }
        // Returns when all that was sent with it has been answered.
        old.close(Duration.ZERO);
        producer = null;
        connect();
    }

    private void lookForRefused(OrderedProducer connected) {
        List<String> due = refused.due();
        if (due.size() < refused.size()) {
            reach.doubt();
        }
        int absent = 0;
        for (String topic : due) {
            Exception failure = connected.lookFor(topic);
            if (failure == null) {
                refused.remove(topic);
                continue;
            }
            refused.add(topic, failure);
            absent++;
            if (absent == MOST_ABSENT_PER_RECHECK) {
                return;
            }
        }
    }

    /** A route sends there: looked for once when Kafka answers, so that the first message need not wait for it. */
    void expect(String topic) {
        expected.add(topic);
        reach.doubt();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
        OrderedProducer connected = producer;
        if (connected == null) {
            return refuse(callback, "Kafka is not connected");
        }
        if (ended) {
            return refuse(callback, "records before this one have failed");
        }
        if (full && !reach.isConnected()) {
            return refuse(callback, "Kafka is away and the buffer is full");
        }
        Future<RecordMetadata> sent = connected.send(message, callback);
        if (sent.isDone()) {
            noteFailure(message.topic(), sent);
        }
        return sent;
    }

    private static Future<RecordMetadata> refuse(Callback callback, String why) {
        TimeoutException refusal = new TimeoutException(why);
        callback.onCompletion(null, refusal);
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
            } else if (failure.getCause() instanceof TimeoutException notFound && refused.why(topic) == null) {
                refused.add(topic, notFound);
                reach.doubt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what waits, within a bounded time, and ends. */
    void shutDown() {
        OrderedProducer connected = producer;
        if (connected != null) {
            connected.close(CLOSE);
        }
    }
}
