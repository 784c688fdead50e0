// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A mailbox")
class MailboxTest {
    private final List<Runnable> wakeUps = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Integer> opened = new ArrayList<>();

    @Test
    @DisplayName("wakes its owner once for all that was posted, and opens it in order")
    void oneWakeUp() {
        Mailbox mailbox = new Mailbox(wakeUps::add, failures::add);
        for (int i = 1; i <= 3; i++) {
            mailbox.post(new Numbered(i));
        }
        assertThat(wakeUps).hasSize(1);

        wakeUps.remove(0).run();
        mailbox.post(new Numbered(4));
        wakeUps.remove(0).run();

        assertThat(opened).containsExactly(1, 2, 3, 4);
    }

    @Test
    @DisplayName("a mail that throws does not keep the next ones from being opened")
    void failure() {
        Mailbox mailbox = new Mailbox(wakeUps::add, failures::add);
        mailbox.post(new Mailbox.Mail() {
            @Override
            protected void open() {
                throw new IllegalStateException("on purpose");
            }
        });
        mailbox.post(new Numbered(2));

        wakeUps.remove(0).run();

        assertThat(opened).containsExactly(2);
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("whose owner has stopped takes a post without harm to who posts, and says so once")
    void stoppedOwner() {
        Mailbox mailbox = new Mailbox(
                task -> {
                    throw new RejectedExecutionException("stopped");
                },
                failures::add);

        mailbox.post(new Numbered(1));
        mailbox.post(new Numbered(2));

        assertThat(opened).isEmpty();
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @DisplayName("loses nothing and keeps each thread's order when many post at once")
    void manyThreads() throws InterruptedException {
        ExecutorService owner = Executors.newSingleThreadExecutor();
        Mailbox mailbox = new Mailbox(owner, failures::add);
        List<Thread> posters = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int base = t * 100_000;
            posters.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    mailbox.post(new Numbered(base + i));
                }
            }));
        }
        posters.forEach(Thread::start);
        for (Thread poster : posters) {
            poster.join();
        }
        owner.shutdown();
        assertThat(owner.awaitTermination(120, TimeUnit.SECONDS)).isTrue();

        assertThat(opened).hasSize(80_000);
        for (int t = 0; t < 4; t++) {
            int of = t;
            assertThat(opened.stream().filter(n -> n / 100_000 == of).toList()).isSorted();
        }
    }

    private final class Numbered extends Mailbox.Mail {
        private final int number;

        Numbered(int number) {
            this.number = number;
        }

        @Override
        protected void open() {
            opened.add(number);
        }
    }
}
