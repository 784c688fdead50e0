// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Everything the MQTT server has counted since its start. Any thread. */
public final class Counters {
    private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class);

    /** All at zero. */
    public Counters() {
        for (Counter counter : Counter.values()) {
            counts.put(counter, new LongAdder());
        }
    }

    /** One more. */
    public void count(Counter counter) {
        adder(counter).increment();
    }

    /** Some more. */
    public void add(Counter counter, long more) {
        adder(counter).add(more);
    }

    /** How many so far. */
    public long of(Counter counter) {
        return adder(counter).sum();
    }

    private LongAdder adder(Counter counter) {
        LongAdder adder = counts.get(counter);
        if (adder == null) {
            throw new IllegalStateException("not a counter: " + counter);
        }
        return adder;
    }

    /** All, by name. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((counter, adder) -> all.put(counter.toString(), adder.sum()));
        return all;
    }

    /** Those above zero, by name. */
    @Override
    public String toString() {
        Map<String, Long> seen = all();
        seen.values().removeIf(count -> count == 0);
        return seen.toString();
    }
}
