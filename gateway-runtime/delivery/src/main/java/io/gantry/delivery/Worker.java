// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Mailbox;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The one thread on which an outbox's messages are sent and their outcomes settled, shared with the other outboxes of
 * the same endpoint. Any thread posts and wakes.
 */
final class Worker {
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
        }
    }

    /** There may be something to do. */
    void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            try {
                thread.execute(this::work);
            } catch (RejectedExecutionException stopped) {
                failures.accept(stopped);
            }
        }
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

    void answered(Attempt attempt) {
        answers.accept(attempt);
    }

    /** Wakes itself after a time; an alarm that is set for earlier is enough. On the thread. */
    void wakeIn(long nanos, long nowNanos) {
        long due = nowNanos + nanos;
        if (alarmSet && due - alarmNanos >= 0) {
            return;
        }
        alarmSet = true;
        alarmNanos = due;
        timers.after(nanos, () -> post(() -> alarmSet = false));
    }
}
