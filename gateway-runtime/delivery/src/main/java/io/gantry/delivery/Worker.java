// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Mailbox;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The one thread on which an outbox's messages are sent and their outcomes settled, shared with the other outboxes of
 * the same endpoint. Any thread posts and wakes.
 */
final class Worker {
    private static final long AFTER_FAILURE_NANOS = 1_000_000_000;
    private static final long ASK_AGAIN_NANOS = 2_000_000;

    private final Executor thread;
    private final Timers timers;
    private final Consumer<Throwable> failures;
    private final Mailbox mailbox;
    private final AtomicBoolean awake = new AtomicBoolean();
    private Runnable work = () -> {};
    private Consumer<Attempt> answers = attempt -> {};

    // touched on the thread alone
    private long alarmNanos;
    private boolean alarmSet;

    Worker(Executor thread, Timers timers, Consumer<Throwable> failures) {
        this.thread = thread;
        this.timers = timers;
        this.failures = failures;
        this.mailbox = new Mailbox(this::openAndWork, failures);
    }

    /** Says what is to be done; before anything is posted. */
    void does(Runnable everything, Consumer<Attempt> whenAnswered) {
        work = everything;
        answers = whenAnswered;
    }

    private void openAndWork(Runnable openAll) {
        thread.execute(() -> {
            openAll.run();
            work();
        });
    }

    private void work() {
        awake.set(false);
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            failures.accept(failure);
            timers.after(AFTER_FAILURE_NANOS, this::wake);
        }
    }

    /** There may be something to do. */
    void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            try {
                thread.execute(this::work);
            } catch (RejectedExecutionException stopped) {
                awake.set(false);
                failures.accept(stopped);
            }
        }
    }

    long gatherNanos() {
        return timers.gatherNanos();
    }

    void post(Mailbox.Mail mail) {
        mailbox.post(mail);
    }

    /** Runs a step on the thread. */
    void post(Runnable step) {
        mailbox.post(new Mailbox.Mail() {
            @Override
            protected void open() {
                step.run();
            }
        });
    }

    /**
     * Waits until something is true on the thread, but not past the time given, nor after an interruption. Not on the
     * thread itself.
     */
    void await(BooleanSupplier condition, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = deadline - System.nanoTime();
        while (left > 0 && !isTrue(condition, left)) {
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
            left = Thread.currentThread().isInterrupted() ? 0 : deadline - System.nanoTime();
        }
    }

    private boolean isTrue(BooleanSupplier condition, long atMostNanos) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        post(() -> answer.complete(condition.getAsBoolean()));
        try {
            return answer.get(atMostNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException busy) {
            return false;
        }
    }

    void answered(Attempt attempt) {
        answers.accept(attempt);
    }

    /**
     * Wakes itself after a time; an alarm that is set for earlier is enough, since everything is asked again then. On the
     * thread.
     *
     * @param nanos {@link Sending#NEVER} for not at all
     */
    void wakeIn(long nanos, long nowNanos) {
        long due = nowNanos + nanos;
        if (nanos == Sending.NEVER || (alarmSet && due - alarmNanos >= 0)) {
            return;
        }
        alarmSet = true;
        alarmNanos = due;
        timers.after(nanos, () -> post(() -> alarmRang(due)));
    }

    private void alarmRang(long due) {
        // one that was set before an earlier one rings in vain
        alarmSet &= due != alarmNanos;
    }
}
