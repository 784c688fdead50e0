// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.files.FileCounts;
import io.gantry.api.files.FileWatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The threads that all authenticators share: few for what costs milliseconds of a core and megabytes of memory, with a
 * bounded queue before them, and one that looks whether files have changed. Any thread.
 */
public final class Workers implements AutoCloseable {
    private static final int MOST_THREADS = 4;
    private static final int QUEUE = 256;

    private final ThreadPoolExecutor pool;
    private final ScheduledExecutorService clockwork;
    private final FileCounts files = new FileCounts();
    private volatile Consumer<Set<String>> onChangedUsers = users -> {};
    private final List<HttpCalls> others = new CopyOnWriteArrayList<>();

    private Workers(int threads, int queue) {
        this.pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(queue),
                named("gantry-authentication-"));
        pool.allowCoreThreadTimeOut(true);
        this.clockwork = new ScheduledThreadPoolExecutor(1, named("gantry-authentication-files-"));
    }

    /**
     * A thread for every second core, up to 4: each may take the memory of a password hash, and whoever sends wrong passwords
     * all the time must leave cores to those who are connected.
     */
    public static Workers start() {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        return start(Math.max(1, Math.min(MOST_THREADS, half)), QUEUE);
    }

    /** For tests of what happens when all are at work. */
    static Workers start(int threads, int queue) {
        return new Workers(threads, queue);
    }

    /** Runs a task on one of the threads; with no room left to wait, answers what is said for that at once. */
    <T> CompletableFuture<T> run(Supplier<T> task, T whenFull) {
        try {
            return CompletableFuture.supplyAsync(task, pool);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(whenFull);
        }
    }

    /** Looks at a file every 2 seconds from now on. */
    void watch(WatchedFile<?> file) {
        every(FileWatch.INTERVAL, () -> file.look(files));
    }

    /** The same for a file of users; who was in it and has changed is told of. */
    <P> void watchUsers(WatchedFile<Map<String, User<P>>> file) {
        ChangedUsers<P> users = new ChangedUsers<>(file.content());
        every(FileWatch.INTERVAL, () -> {
            file.look(files);
            Set<String> changed = users.look(file.content());
            if (!changed.isEmpty()) {
                onChangedUsers.accept(changed);
            }
        });
    }

    /** Says what is done about users of a file who are not in it any more, or with another password or other roles. */
    public void onChangedUsers(Consumer<Set<String>> step) {
        onChangedUsers = step;
    }

    /** What became of files that have changed. */
    public FileCounts files() {
        return files;
    }

    /** Runs a step, which does not throw, now and then. */
    void every(Duration interval, Runnable step) {
        ScheduledFuture<?> unused =
                clockwork.scheduleWithFixedDelay(step, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes something together with itself. */
    HttpCalls closing(HttpCalls other) {
        others.add(other);
        return other;
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
        pool.shutdownNow();
        others.forEach(HttpCalls::close);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
