// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.ChangesOnly;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka consumer that camel-kafka polls. Camel's commit managers commit what a thread is told to commit while it
 * has an exchange in hand; here acknowledgements come later, in any order, from other threads, and when no further
 * record comes. So each poll, also an idle one, first commits what is due, offers again what was unavailable, and reads
 * on only where there is room: it never blocks, so Kafka never takes the consumer for dead.
 */
final class WindowedConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(WindowedConsumer.class);
    private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration WHILE_FULL = Duration.ofMillis(10);
    private static final long AFTER_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SETTLE_MILLIS = 2_000;
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final InFlight inFlight;
    private final ChangesOnly reported = new ChangesOnly();
    private long committedAtNanos = System.nanoTime();

    WindowedConsumer(Map<String, Object> settings, InFlight inFlight) {
        super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.inFlight = inFlight;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new CommittingListener(listener));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            long now = System.nanoTime();
            inFlight.retry(now);
            if (now - committedAtNanos >= COMMIT_NANOS) {
                committedAtNanos = now;
                commitSettled();
            }
            boolean full = inFlight.isFull();
            pauseAllBut(full ? Set.of() : readable());
            return super.poll(full ? WHILE_FULL : timeout);
        } catch (WakeupException | InterruptException stopping) {
            throw stopping;
        } catch (KafkaException failure) {
            note(failure);
            LockSupport.parkNanos(AFTER_FAILURE_NANOS);
            return ConsumerRecords.empty();
        }
    }

    private Set<TopicPartition> readable() {
        Set<TopicPartition> readable = new HashSet<>(assignment());
        readable.removeAll(inFlight.troubled());
        return readable;
    }

    private void pauseAllBut(Set<TopicPartition> readable) {
        Set<TopicPartition> toPause = new HashSet<>(assignment());
        toPause.removeAll(readable);
        Set<TopicPartition> paused = paused();
        if (!paused.equals(toPause)) {
            resume(paused);
            pause(toPause);
        }
    }

    private void commitSettled() {
        Map<TopicPartition, OffsetAndMetadata> offsets = inFlight.toCommit();
        if (!offsets.isEmpty()) {
            commitAsync(offsets, (answered, failure) -> {
                if (failure == null) {
                    inFlight.committed(answered);
                } else {
                    note(failure);
                }
            });
        }
    }

    private void note(Exception failure) {
        inFlight.reach().doubt();
        if (reported.isNews(failure.getClass().getName())) {
            LOG.atWarn()
                    .addKeyValue("route", inFlight.route())
                    .addKeyValue("failure", failure.toString())
                    .log("reading from Kafka failed and is tried again");
        }
    }

    /** Camel leaves: a last chance for acknowledgements under way, then the last commit. */
    @Override
    public void unsubscribe() {
        inFlight.awaitSettled(SETTLE_MILLIS);
        super.unsubscribe();
    }

    /** Kafka's own patience is 30 seconds, and it may be away. */
    @Override
    public void close() {
        super.close(CloseOptions.timeout(LAST_WORDS));
    }

    /** Commits what is settled before a partition goes to somebody else. */
    private final class CommittingListener implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener camel;

        CommittingListener(ConsumerRebalanceListener camel) {
            this.camel = camel;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            camel.onPartitionsRevoked(partitions);
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(inFlight.toCommit());
            offsets.keySet().retainAll(partitions);
            if (!offsets.isEmpty()) {
                commitLast(offsets);
            }
            inFlight.forget(partitions);
        }

        private void commitLast(Map<TopicPartition, OffsetAndMetadata> offsets) {
            try {
                commitSync(offsets, LAST_WORDS);
            } catch (KafkaException failure) {
                note(failure);
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            camel.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            camel.onPartitionsLost(partitions);
            inFlight.forget(partitions);
        }
    }
}
