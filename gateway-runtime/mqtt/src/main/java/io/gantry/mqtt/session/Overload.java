// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.mqtt.OverloadSettings;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the gateway has more to do than it can, and what is done about it: one field to read on the way of each message.
 * Figures come from one thread, about once a second, and those of the heap after each garbage collection too; asked on any
 * thread.
 */
public final class Overload {
    private static final Logger LOG = LoggerFactory.getLogger(Overload.class);
    private static final int HEAP_LOOKS = 5;
    private static final int LAG_LOOKS = 3;

    private final Counters counters;
    private final Map<Cause, Watermark> marks = new EnumMap<>(Cause.class);
    private volatile Map<Cause, Step> causes = Map.of();
    private volatile Step step = Step.NONE;

    /** What there can be too much of. */
    public enum Cause {
        /** In percent, after garbage collections. */
        HEAP,
        /** In percent. */
        DIRECT_MEMORY,
        /** In milliseconds. */
        LOOP_LAG;

        /** For logs and metrics: {@code direct-memory}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What is done about it, each step with the ones before. */
    public enum Step {
        /** Nothing: there is no overload. */
        NONE(0),
        /** New connections are refused, and messages of QoS 0 dropped. */
        SHEDDING(1),
        /** Connections are closed as they are accepted, and devices that publish are read slowly. */
        SLOWING(2);

        private final int number;

        Step(int number) {
            this.number = number;
        }

        /** For metrics. */
        public int number() {
            return number;
        }
    }

    /**
     * What was found.
     *
     * @param heap in use, in percent of the largest heap
     * @param directMemory in use, in percent of the largest
     * @param loopLagMillis until the slowest event loop gets to something new
     */
    public record Figures(double heap, double directMemory, double loopLagMillis) {

        private double of(Cause cause) {
            return switch (cause) {
                case HEAP -> heap;
                case DIRECT_MEMORY -> directMemory;
                case LOOP_LAG -> loopLagMillis;
            };
        }
    }

    /** How a figure is judged. */
    private interface ToStep {
        Step of(Watermark mark, double found);
    }

    /** There is none yet. */
    public Overload(OverloadSettings settings, Counters counters) {
        this.counters = counters;
        // the heap may hold garbage that the collector is just about to find, and one long pause is no lag
        marks.put(Cause.HEAP, Watermark.ofShare(settings.heap().value(), HEAP_LOOKS));
        marks.put(Cause.DIRECT_MEMORY, Watermark.ofShare(settings.directMemory().value(), 1));
        marks.put(Cause.LOOP_LAG, Watermark.ofTime(settings.loopLag().toMillis(), LAG_LOOKS));
    }

    /** Whether there is any mark, so that it is worth to look. */
    public boolean isWatched() {
        return marks.values().stream().anyMatch(Watermark::isSet);
    }

    /** Whether new connections are refused, and messages of QoS 0 dropped. */
    public boolean isShedding() {
        return step != Step.NONE;
    }

    /** Whether connections are not even accepted, and devices that publish are read slowly. */
    public boolean isSlowing() {
        return step == Step.SLOWING;
    }

    /** How far it has come with each cause that has a mark, in the order of the causes. */
    public Map<Cause, Step> causes() {
        return causes;
    }

    /** The next figures, a second or so after those before. One thread. */
    public void look(Figures found) {
        act(cause -> found.of(cause), Watermark::look);
    }

    /**
     * What a garbage collection has left, in percent of the largest heap: a heap can fill within a fraction of a second, and
     * what is left when it is nearly full counts at once. The same thread.
     */
    public void afterCollection(double heapPercent) {
        act(cause -> heapPercent, (mark, found) -> mark == marks.get(Cause.HEAP) ? mark.warn(found) : mark.step());
    }

    private void act(ToDoubleFunction<Cause> figure, ToStep judge) {
        Map<Cause, Step> now = new EnumMap<>(Cause.class);
        Step worst = Step.NONE;
        for (Map.Entry<Cause, Watermark> each : marks.entrySet()) {
            Watermark mark = each.getValue();
            if (mark.isSet()) {
                Step reached = reached(each.getKey(), mark, figure.applyAsDouble(each.getKey()), judge);
                now.put(each.getKey(), reached);
                worst = reached.compareTo(worst) > 0 ? reached : worst;
            }
        }
        if (worst != Step.NONE && step == Step.NONE) {
            counters.count(Counter.OVERLOADS);
        }
        causes = Collections.unmodifiableMap(now);
        step = worst;
    }

    private static Step reached(Cause cause, Watermark mark, double found, ToStep judge) {
        Step before = mark.step();
        Step reached = judge.of(mark, found);
        if (reached == Step.NONE && before != Step.NONE) {
            LOG.atInfo()
                    .addKeyValue("cause", cause)
                    .addKeyValue("found", Math.round(found))
                    .log("an overload is over");
        } else if (reached != before) {
            LOG.atWarn()
                    .addKeyValue("cause", cause)
                    .addKeyValue("found", Math.round(found))
                    .addKeyValue("mark", Math.round(mark.high()))
                    .addKeyValue("step", reached)
                    .log("the gateway is overloaded and sheds load");
        }
        return reached;
    }
}
