// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.StoreHealth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;

@DisplayName("The store's writer")
class WriterTest {
    @TempDir
    Path directory;

    private Database database;
    private Housekeeping housekeeping;
    private Group group;
    private Writer writer;
    private final FaultyDisk disk = new FaultyDisk();

    /** A disk that does what the test says. */
    private static final class FaultyDisk implements Writer.Disk {
        final AtomicInteger writes = new AtomicInteger();
        volatile Status.@Nullable SubCode failure;
        volatile boolean room = true;
        volatile CountDownLatch gate = new CountDownLatch(0);
        final CountDownLatch reached = new CountDownLatch(1);

        @Override
        public void write(WriteBatch batch) throws RocksDBException {
            reached.countDown();
            try {
                gate.await();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
            Status.SubCode injected = failure;
            if (injected != null) {
                throw new RocksDBException("injected", new Status(Status.Code.IOError, injected, "injected"));
            }
            writes.incrementAndGet();
        }

        @Override
        public boolean hasRoom() {
            return room;
        }
    }

    @BeforeEach
    void open() throws RocksDBException {
        database = Database.open(directory, Durability.OS, WALRecoveryMode.PointInTimeRecovery);
        OutboxMarks marks = new OutboxMarks();
        housekeeping = new Housekeeping(database, marks, Long.MAX_VALUE);
        group = new Group(database, marks, housekeeping);
        writer = new Writer(group, disk, 1_000_000);
    }

    @AfterEach
    void close() {
        writer.close();
        housekeeping.close();
        group.close();
        database.close();
    }

    private static RecordedWrite write(int payloadBytes) {
        RecordedWrite write = new RecordedWrite();
        write.putOutbox(1, Samples.entry(1, payloadBytes));
        return write;
    }

    private CompletableFuture<Delivery> commit(RecordedWrite write) {
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        writer.commit(write, outcome::complete);
        return outcome.orTimeout(120, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("answers every write of many threads exactly once, after its commit, in the order of each thread")
    void groupCommit() throws InterruptedException {
        disk.gate = new CountDownLatch(1);
        int threads = 8;
        int each = 500;
        AtomicInteger early = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(threads * each);
        List<List<Integer>> order = new ArrayList<>();
        List<Thread> submitters = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            List<Integer> mine = Collections.synchronizedList(new ArrayList<>());
            order.add(mine);
            submitters.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int number = i;
                    writer.commit(write(1), outcome -> {
                        early.addAndGet(disk.writes.get() == 0 ? 1 : 0);
                        mine.add(number);
                        answered.countDown();
                    });
                }
            }));
        }

        submitters.forEach(Thread::start);
        for (Thread submitter : submitters) {
            submitter.join();
        }
        disk.gate.countDown();

        assertThat(answered.await(120, TimeUnit.SECONDS)).isTrue();
        writer.close();
        assertThat(early).hasValue(0);
        assertThat(order).allSatisfy(mine -> assertThat(mine).hasSize(each).isSorted());
        assertThat(disk.writes).hasValueLessThan(threads * each / 100);
    }

    @Test
    @DisplayName("acknowledges nothing after a failed write, although the disk is well again, and says why")
    void failStop() {
        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Accepted.class);
        disk.failure = Status.SubCode.None;

        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Unavailable.class);
        disk.failure = null;

        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Unavailable.class);
        assertThat(writer.health()).isEqualTo(new StoreHealth.Failed("a write failed: injected"));
        assertThat(disk.writes).hasValue(1);
    }

    @Test
    @DisplayName("counts nothing of a group that failed")
    void failedGroup() {
        commit(write(10)).join();
        OutboxSize before = group.marks().stored(1).size();
        disk.failure = Status.SubCode.NoSpace;
        RecordedWrite refused = new RecordedWrite();
        refused.putOutbox(1, Samples.entry(2, 10))
                .deleteOutbox(1, Samples.entry(1, 10))
                .putDeadLetter(new DeadLetter(1, "erp", Samples.plain(1, 10), 1, "no", 2))
                .trimOutbox(1, 1, new OutboxSize(0, 0));

        commit(refused).join();
        assertThat(group.marks().stored(1)).isEqualTo(new OutboxMark(0, 1, 1, before.bytes()));
        assertThat(group.marks().stored(OutboxMarks.DEAD_LETTERS)).isEqualTo(OutboxMark.NONE);
        disk.failure = null;
        commit(refused).join();

        assertThat(group.marks().stored(1))
                .isEqualTo(new OutboxMark(1, 2, 1, Samples.entry(2, 10).bytes()));
        assertThat(group.marks().stored(OutboxMarks.DEAD_LETTERS).messages()).isEqualTo(1);
    }

    @Test
    @DisplayName("refuses while the disk is full, and takes writes again by itself when it is not")
    void noSpace() {
        disk.failure = Status.SubCode.NoSpace;
        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Unavailable.class);
        assertThat(writer.health()).isInstanceOf(StoreHealth.Full.class);

        disk.failure = null;

        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Accepted.class);
        assertThat(writer.health()).isInstanceOf(StoreHealth.Ready.class);
    }

    @Test
    @DisplayName("lets only writes that finish messages have the reserve")
    void reserve() {
        disk.room = false;
        RecordedWrite finishing = write(1);
        finishing.usingReserve();

        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Unavailable.class);
        assertThat(commit(finishing).join()).isInstanceOf(Delivery.Accepted.class);
        assertThat(writer.health()).isInstanceOf(StoreHealth.Full.class);
    }

    @Test
    @DisplayName("refuses at once what would wait beyond its bound while the disk is slow")
    void bounded() throws InterruptedException {
        disk.gate = new CountDownLatch(1);
        CompletableFuture<Delivery> first = commit(write(1));
        assertThat(disk.reached.await(120, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Delivery> waiting = commit(write(999_000));

        assertThat(commit(write(10_000))).isCompletedWithValueMatching(Delivery.Unavailable.class::isInstance);
        disk.gate.countDown();

        assertThat(first.join()).isInstanceOf(Delivery.Accepted.class);
        assertThat(waiting.join()).isInstanceOf(Delivery.Accepted.class);
        writer.close();
        assertThat(commit(write(1)).join()).isInstanceOf(Delivery.Unavailable.class);
    }
}
