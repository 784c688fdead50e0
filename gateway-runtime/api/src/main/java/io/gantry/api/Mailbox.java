// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands work from any number of threads to one: the thread is woken once for everything posted since it last looked, and
 * opens it in the order each thread posted it. Nothing is allocated for a post: a mail is its own link.
 *
 * <p>A mailbox is unbounded; whoever posts keeps count of what may be under way.
 */
public final class Mailbox {
    private final Executor owner;
    private final Consumer<Throwable> failures;
    private final AtomicReference<@Nullable Mail> newest = new AtomicReference<>();

    /**
     * An empty mailbox.
     *
     * @param owner runs what it is given on one thread, in order
     * @param failures is told what a mail threw; the mails after it are opened all the same
     */
    public Mailbox(Executor owner, Consumer<Throwable> failures) {
        this.owner = owner;
        this.failures = failures;
    }

    /** Something to do on the owner's thread. An instance may be in one mailbox at a time. */
    public abstract static class Mail {
        private @Nullable Mail older;

        /** Called once for each post, on the owner's thread. */
        protected abstract void open();
    }

    /** Leaves a mail. Any thread; returns at once. After the owner has stopped, mails stay unopened. */
    public void post(Mail mail) {
        Mail before;
        do {
            before = newest.get();
            mail.older = before;
        } while (!newest.compareAndSet(before, mail));
        if (before == null) {
            wakeOwner();
        }
    }

    private void wakeOwner() {
        try {
            owner.execute(this::openAll);
        } catch (RejectedExecutionException stopped) {
            failures.accept(stopped);
        }
    }

    private void openAll() {
        Mail mail = oldestFirst(newest.getAndSet(null));
        while (mail != null) {
            Mail following = mail.older;
            mail.older = null;
            try {
                mail.open();
            } catch (RuntimeException | Error failure) {
                failures.accept(failure);
            }
            mail = following;
        }
    }

    private static @Nullable Mail oldestFirst(@Nullable Mail newestMail) {
        Mail oldest = null;
        Mail mail = newestMail;
        while (mail != null) {
            Mail older = mail.older;
            mail.older = oldest;
            oldest = mail;
            mail = older;
        }
        return oldest;
    }
}
