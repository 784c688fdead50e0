// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.ChangesOnly;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a route has read from Kafka and not yet acknowledged, partition by partition. Used on the consumer's thread,
 * except that acknowledgements come from any.
 */
final class InFlight {
    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

    /**
     * One record that nobody acknowledges keeps all after it from being committed. Of those, this many times
     * max-in-flight may be settled before its partition waits too.
     */
    private static final int LONGEST_SPAN = 10;

    private static final Sink NOBODY = InFlight::refuse;

    private final String route;
    private final KafkaFrom settings;
    private final KafkaReach reach;
    private final Map<TopicPartition, PartitionWindow> windows = new HashMap<>();
    private final Semaphore settled = new Semaphore(0);
    private final ChangesOnly reported = new ChangesOnly();
    private final int longestSpan;
    private Sink next = NOBODY;

    InFlight(String route, KafkaFrom settings, KafkaReach reach) {
        this.route = route;
        this.settings = settings;
        this.reach = reach;
        this.longestSpan = (int) Math.min(Integer.MAX_VALUE, (long) LONGEST_SPAN * settings.maxInFlight());
    }

    String route() {
        return route;
    }

    KafkaFrom settings() {
        return settings;
    }

    KafkaReach reach() {
        return reach;
    }

    private static void refuse(Message message, Acknowledgement acknowledgement) {
        throw new IllegalStateException("a record before the route was started");
    }

    void offer(TopicPartition partition, long offset, Message message, Sink rest) {
        next = rest;
        windows.computeIfAbsent(partition, missing -> new PartitionWindow(this::settle))
                .offer(offset, message, rest);
    }

    /** A record of which no message can be made; it is counted and passed over. */
    void reject(TopicPartition partition, long offset, Message message, Delivery.Rejected why) {
        windows.computeIfAbsent(partition, missing -> new PartitionWindow(this::settle))
                .offer(offset, message, (rejected, acknowledgement) -> acknowledgement.complete(why));
    }

    private void settle(Delivery delivery) {
        settled.release();
        if (delivery instanceof Delivery.Rejected rejected && reported.isNews(rejected.reason())) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("reasonCode", rejected.code())
                    .addKeyValue("reason", rejected.reason())
                    .log("a record was rejected and is skipped; further ones like it are not logged for a while");
        }
    }

    /** Offers again what is due. */
    void retry(long nowNanos) {
        for (PartitionWindow window : windows.values()) {
            window.retry(nowNanos, next);
        }
    }

    private int waiting() {
        int waiting = 0;
        for (PartitionWindow window : windows.values()) {
            waiting += window.waiting();
        }
        return waiting;
    }

    /** True when one more poll could bring more than may be in flight. */
    boolean isFull() {
        return waiting() + ClientSettings.recordsPerPoll(settings) > settings.maxInFlight();
    }

    /** The partitions that must not be read on now. */
    Set<TopicPartition> troubled() {
        Set<TopicPartition> troubled = new HashSet<>();
        windows.forEach((partition, window) -> {
            if (window.isTroubled() || window.span() >= longestSpan) {
                troubled.add(partition);
            }
        });
        return troubled;
    }

    /** What may be committed and is not. */
    Map<TopicPartition, OffsetAndMetadata> toCommit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        windows.forEach((partition, window) ->
                window.toCommit().ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset))));
        return offsets;
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, committed) -> {
            PartitionWindow window = windows.get(partition);
            if (window != null) {
                window.committed(committed.offset());
            }
        });
    }

    /** Waits for acknowledgements that are under way, a bounded time. */
    void awaitSettled(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            settled.drainPermits();
            while (waiting() > 0 && settled.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                settled.drainPermits();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The partitions belong to somebody else now: what is not committed, they will read. */
    void forget(Collection<TopicPartition> partitions) {
        partitions.forEach(windows::remove);
    }
}
