// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * How much of the heap is in use: what the last garbage collection has left, since all that is in use at a moment is for the
 * greatest part garbage. One thread.
 */
final class HeapInUse {
    private static final long STALE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final double WHOLE = 100;
    /** They leave old garbage alone until the heap is full of it; G1 and those that run beside the program do not. */
    private static final Set<String> YOUNG_ONLY = Set.of("Copy", "PS Scavenge", "ZGC Minor Cycles");

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final Set<String> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());
    private final List<GarbageCollectorMXBean> collectors =
            ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                    .filter(collector -> !YOUNG_ONLY.contains(collector.getName())
                            && !collector.getName().endsWith("Pauses"))
                    .toList();
    private final Map<NotificationEmitter, NotificationListener> listening = new IdentityHashMap<>();

    /** In percent of the largest heap; 0 before the first collection. */
    double percent() {
        // what is in use now is the most that can be left
        long now = memory.getHeapMemoryUsage().getUsed();
        long left = collectors.stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(info -> info != null)
                .max(Comparator.comparingLong(GcInfo::getEndTime))
                .map(this::left)
                .orElse(0L);
        return WHOLE * Math.min(now, left) / memory.getHeapMemoryUsage().getMax();
    }

    private long left(GcInfo collection) {
        return collection.getMemoryUsageAfterGc().entrySet().stream()
                .filter(usage -> pools.contains(usage.getKey()))
                .mapToLong(usage -> usage.getValue().getUsed())
                .sum();
    }

    /** Has a step run after each collection, on a thread of the JVM that must not be kept. */
    void onCollection(Runnable step) {
        NotificationListener listener = (notification, nothing) -> step.run();
        collectors.forEach(collector -> {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(listener, null, null);
                listening.put(emitter, listener);
            }
        });
    }

    /** Has no step run any more. */
    void close() {
        listening.forEach((emitter, listener) -> {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException gone) {
                throw new IllegalStateException("a listener is removed once", gone);
            }
        });
        listening.clear();
    }

    /** Has the heap collected when there was no collection for long: an idle gateway would stay overloaded by garbage. */
    void collectIfNobodyDoes() {
        long last = ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                .map(GarbageCollectorMXBean::getLastGcInfo)
                .filter(info -> info != null)
                .mapToLong(GcInfo::getEndTime)
                .max()
                .orElse(0);
        if (ManagementFactory.getRuntimeMXBean().getUptime() - last > STALE_MILLIS) {
            System.gc();
        }
    }
}
