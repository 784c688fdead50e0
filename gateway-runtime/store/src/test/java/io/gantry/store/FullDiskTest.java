// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static io.gantry.store.Commits.commit;
import static io.gantry.store.Commits.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Payload;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.StoreHealth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store on a full disk")
class FullDiskTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path parent;

    private Tmpfs disk;
    private Path ballast;

    @BeforeEach
    void mount() throws Exception {
        disk = Tmpfs.mount(parent.resolve("disk"), "40m");
        Assumptions.assumeTrue(disk.isMounted(), "may not mount a small disk here");
        ballast = Files.write(parent.resolve("disk/ballast"), new byte[24 * MEBIBYTE]);
    }

    @AfterEach
    void unmount() throws Exception {
        disk.close();
    }

    private RocksStore open(long reserve) throws StoreRefusedException {
        return RocksStore.open(
                parent.resolve("disk/data"), Durability.FSYNC, Optional.of(new StoreLimits(64 << 20, reserve)));
    }

    /** Writes until a write is refused; the last sequence that was accepted. */
    private static long fill(RocksStore store) {
        long sequence = 0;
        Delivery outcome = Delivery.accepted();
        while (outcome instanceof Delivery.Accepted) {
            OutboxEntry next = Samples.entry(sequence + 1, 100_000);
            outcome = outcome(store, write -> write.putOutbox(1, next));
            sequence += outcome instanceof Delivery.Accepted ? 1 : 0;
        }
        assertThat(outcome).isInstanceOf(Delivery.Unavailable.class);
        return sequence;
    }

    private static void assertHolds(RocksStore store, long last) {
        List<OutboxEntry> entries = store.outbox(1, 1, 10_000, Long.MAX_VALUE);
        assertThat(entries)
                .startsWith(LongStream.rangeClosed(1, last)
                        .mapToObj(i -> Samples.entry(i, 100_000))
                        .toArray(OutboxEntry[]::new));
    }

    private static void awaitRoom(RocksStore store, long sequence) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        OutboxEntry next = Samples.entry(sequence, 10);
        while (!(outcome(store, write -> write.putOutbox(1, next)) instanceof Delivery.Accepted)) {
            assertThat(System.nanoTime() - deadline).as("time left").isNegative();
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    @DisplayName("refuses new messages, reads, still finishes messages from its reserve, and recovers by itself")
    void reserve() throws Exception {
        try (RocksStore store = open(4 * MEBIBYTE)) {
            long last = fill(store);

            assertThat(store.health()).isEqualTo(new StoreHealth.Full("the disk is full"));
            assertHolds(store, last);
            commit(store, write -> write.putCursor("c", Payload.ofText("5")).usingReserve());

            Files.delete(ballast);

            awaitRoom(store, last + 1);
            assertThat(store.health()).isInstanceOf(StoreHealth.Ready.class);
            assertHolds(store, last);
        }
    }

    @Test
    @DisplayName("loses nothing it acknowledged when the disk has not a byte left, and recovers by itself")
    void notAByte() throws Exception {
        long last;
        try (RocksStore store = open(0)) {
            last = fill(store);

            assertThat(store.health()).isInstanceOf(StoreHealth.Full.class);
            assertHolds(store, last);
            Files.delete(ballast);

            awaitRoom(store, last + 1);
            assertThat(store.health()).isInstanceOf(StoreHealth.Ready.class);
        }
        try (RocksStore store = open(0)) {
            assertHolds(store, last);
        }
    }
}
