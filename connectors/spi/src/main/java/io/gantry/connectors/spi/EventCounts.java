// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often what has happened, since the start. Any thread.
 *
 * @param <E> what can happen
 */
public final class EventCounts<E extends Enum<E>> {
    private final Map<E, LongAdder> counts;

    /**
     * Nothing has happened yet.
     *
     * @param events those that are counted, at least one
     */
    public EventCounts(Set<E> events) {
        Map<E, LongAdder> zeros = new LinkedHashMap<>();
        events.forEach(event -> zeros.put(event, new LongAdder()));
        this.counts = new EnumMap<>(zeros);
    }

    /** Once more; only what was announced. */
    public void count(E event) {
        Objects.requireNonNull(counts.get(event)).increment();
    }

    /** All of them, by their names as metrics have them: {@code ANSWER_LOST} as {@code answer-lost}. */
    public Map<String, Long> now() {
        Map<String, Long> now = new LinkedHashMap<>();
        counts.forEach(
                (event, count) -> now.put(event.name().toLowerCase(Locale.ROOT).replace('_', '-'), count.sum()));
        return now;
    }
}
