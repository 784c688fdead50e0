// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Has somebody look at his files every two seconds, on a daemon thread of its own. */
public final class FileWatch implements AutoCloseable {
    /** Between two looks. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private final ScheduledExecutorService thread;

    private FileWatch(String name) {
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, name);
            named.setDaemon(true);
            return named;
        });
    }

    /**
     * Looks from now on.
     *
     * @param name of the thread
     * @param faults is told what a look has thrown; the next one comes all the same
     */
    public static FileWatch start(String name, Runnable look, Consumer<RuntimeException> faults) {
        return start(name, INTERVAL, look, faults);
    }

    /** As {@link #start(String, Runnable, Consumer)}, more often, for tests. */
    public static FileWatch start(String name, Duration interval, Runnable look, Consumer<RuntimeException> faults) {
        FileWatch watch = new FileWatch(name);
        Runnable step = () -> {
            try {
                look.run();
            } catch (RuntimeException fault) {
                faults.accept(fault);
            }
        };
        var unused = watch.thread.scheduleWithFixedDelay(step, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Looks no more; does not wait for a look that is under way. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
