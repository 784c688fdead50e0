// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The Kafka topics to which nothing is sent for now, and why; looked for again by the endpoint's own thread. */
final class RefusedTopics {
    /** So long a sender has to learn of a failure before the next record may go there. */
    private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();

    private record Refusal(Exception failure, long since) {}

    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    void add(String topic, Exception failure) {
        refusals.put(topic, new Refusal(failure, System.nanoTime()));
    }

    void remove(String topic) {
        refusals.remove(topic);
    }

    /** Null when records may be sent there. */
    @Nullable Exception why(String topic) {
        if (refusals.isEmpty()) {
            return null;
        }
        Refusal refusal = refusals.get(topic);
        return refusal == null ? null : refusal.failure();
    }

    int size() {
        return refusals.size();
    }

    /** Those that have been refused for a while, longest first. */
    List<String> due() {
        long now = System.nanoTime();
        return refusals.entrySet().stream()
                .filter(entry -> now - entry.getValue().since() >= LEAST_NANOS)
                .sorted(Comparator.comparingLong(entry -> entry.getValue().since() - now))
                .map(Map.Entry::getKey)
                .toList();
    }
}
