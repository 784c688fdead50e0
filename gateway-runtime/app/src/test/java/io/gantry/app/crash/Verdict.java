// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a checker found: how often each breach, with some of the messages, and how often a message came again. */
final class Verdict {
    private static final int EXAMPLES = 8;

    private final Map<Breach, Long> breaches = new EnumMap<>(Breach.class);
    private final Map<Breach, List<String>> examples = new EnumMap<>(Breach.class);
    private final long acknowledged;
    private long repeated;
    private long publishedAgain;

    Verdict(long acknowledged) {
        this.acknowledged = acknowledged;
    }

    void add(Breach breach, long times, String example) {
        if (times > 0) {
            breaches.merge(breach, times, Long::sum);
            List<String> some = examples.computeIfAbsent(breach, found -> new ArrayList<>());
            if (some.size() < EXAMPLES) {
                some.add(example);
            }
        }
    }

    /** The gateway sent a message again to a target that had it. */
    void countRepeated() {
        repeated++;
    }

    /** A target got a message twice, as two: the device brought it twice. */
    void countPublishedAgain() {
        publishedAgain++;
    }

    long times(Breach breach) {
        return breaches.getOrDefault(breach, 0L);
    }

    long acknowledged() {
        return acknowledged;
    }

    long repeated() {
        return repeated;
    }

    long publishedAgain() {
        return publishedAgain;
    }

    /** What is broken; empty when the promise was kept. */
    Set<Breach> breaches() {
        return new TreeSet<>(breaches.keySet());
    }

    /** The figures, in one line. */
    String figures() {
        StringBuilder line = new StringBuilder("acknowledged=" + acknowledged);
        for (Breach breach : Breach.values()) {
            line.append(' ')
                    .append(breach.name().toLowerCase(Locale.ROOT))
                    .append('=')
                    .append(times(breach));
        }
        return line + " duplicates=" + (repeated + publishedAgain) + " repeated=" + repeated;
    }

    @Override
    public String toString() {
        return figures() + (examples.isEmpty() ? "" : " " + examples);
    }
}
