// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static io.gantry.store.Commits.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;

@DisplayName("The store's outboxes")
class OutboxesTest {
    private static final OutboxSize EMPTY = new OutboxSize(0, 0);

    @TempDir
    Path directory;

    private RocksStore store;

    @BeforeEach
    void open() throws Exception {
        store = RocksStore.open(directory, Durability.OS);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private void reopen() throws Exception {
        store.close();
        store = RocksStore.open(directory, Durability.OS);
    }

    private List<OutboxEntry> outbox(long outbox) {
        return store.outbox(outbox, 0, 100_000, Long.MAX_VALUE);
    }

    private static OutboxSize sizeOf(long first, long last, int payloadBytes) {
        return new OutboxSize(
                last - first + 1,
                LongStream.rangeClosed(first, last)
                        .map(sequence -> Samples.entry(sequence, payloadBytes).bytes())
                        .sum());
    }

    private void fill(long outbox, long first, long last, int payloadBytes) {
        commit(store, write -> LongStream.rangeClosed(first, last)
                .forEach(sequence -> write.putOutbox(outbox, Samples.entry(sequence, payloadBytes))));
    }

    @Test
    @DisplayName("empties an outbox up to a sequence and never gives a sequence twice, whatever is still there")
    void trimmed() throws Exception {
        long outbox = store.outboxNumber("r");
        long other = store.outboxNumber("s");
        commit(store, write -> {
            for (int i = 1; i <= 25_000; i++) {
                write.putOutbox(outbox, Samples.entry(i, 10));
            }
            write.putOutbox(other, Samples.entry(1, 10));
        });

        commit(store, write -> write.trimOutbox(outbox, 7, sizeOf(1, 7, 10)));
        assertThat(store.outbox(outbox, 1, 1, 1))
                .extracting(OutboxEntry::sequence)
                .containsExactly(8L);
        commit(store, write -> write.trimOutbox(outbox, 24_999, sizeOf(8, 24_999, 10))
                .trimOutbox(outbox, 5, EMPTY));
        commit(store, write -> write.deleteOutbox(outbox, Samples.entry(25_000, 10)));
        reopen();

        assertThat(outbox(outbox)).isEmpty();
        assertThat(store.outboxEnd(outbox)).isEqualTo(25_001);
        assertThat(outbox(other)).hasSize(1);
        assertThat(store.outboxEnd(other)).isEqualTo(2);
    }

    @Test
    @DisplayName("never give a sequence twice, whichever way the last entry has gone, and after two restarts")
    void sequencesAreGone() throws Exception {
        long trimmed = store.outboxNumber("trimmed");
        long deleted = store.outboxNumber("deleted");
        long waiting = store.outboxNumber("waiting");
        for (long outbox : new long[] {trimmed, deleted, waiting}) {
            fill(outbox, 1, 20, 10);
        }

        commit(store, write -> write.trimOutbox(trimmed, 20, sizeOf(1, 20, 10)));
        commit(store, write -> LongStream.rangeClosed(1, 20)
                .forEach(sequence -> write.deleteOutbox(deleted, Samples.entry(sequence, 10))));
        reopen();
        fill(trimmed, 21, 21, 10);
        reopen();

        assertThat(store.outboxEnd(trimmed)).isEqualTo(22);
        assertThat(outbox(trimmed)).extracting(OutboxEntry::sequence).containsExactly(21L);
        assertThat(store.outboxEnd(deleted)).isEqualTo(21);
        assertThat(outbox(deleted)).isEmpty();
        assertThat(store.outboxEnd(waiting)).isEqualTo(21);
        assertThat(store.outboxEnd(store.outboxNumber("new"))).isEqualTo(1);
    }

    @Test
    @DisplayName("are listed by name, empty ones too")
    void byName() throws Exception {
        long empty = store.outboxNumber("");
        long telemetry = store.outboxNumber("telemetry/plant ä");
        reopen();

        assertThat(store.outboxes()).containsOnly(Map.entry("", empty), Map.entry("telemetry/plant ä", telemetry));
        assertThat(store.outboxNumber("third")).isNotIn(empty, telemetry);
    }

    @Test
    @DisplayName("say what is in each of them, after single deletions, trims and a restart too")
    void sizes() throws Exception {
        long outbox = store.outboxNumber("r");
        long large = store.outboxNumber("large");
        assertThat(store.outboxSize(outbox)).isEqualTo(EMPTY);
        fill(outbox, 1, 100, 10);
        fill(large, 1, 3, 5_000);
        assertThat(store.outboxSize(outbox)).isEqualTo(sizeOf(1, 100, 10));

        commit(store, write -> write.deleteOutbox(outbox, Samples.entry(3, 10)));
        commit(store, write -> write.putOutbox(outbox, Samples.entry(101, 10))
                .trimOutbox(
                        outbox,
                        50,
                        new OutboxSize(
                                49,
                                sizeOf(1, 50, 10).bytes() - Samples.entry(3, 10).bytes())));
        reopen();

        assertThat(store.outboxSize(outbox)).isEqualTo(sizeOf(51, 101, 10));
        assertThat(store.outboxSize(large)).isEqualTo(sizeOf(1, 3, 5_000));
        commit(store, write -> write.trimOutbox(outbox, 101, EMPTY));
        assertThat(store.outboxSize(outbox))
                .as("nothing is left, whatever was said of it")
                .isEqualTo(EMPTY);
    }

    @Test
    @DisplayName("keep no large message long after it has gone")
    void largeOnesGo() {
        long outbox = store.outboxNumber("r");
        fill(outbox, 1, 30, 1_000_000);

        commit(store, write -> write.trimOutbox(outbox, 29, sizeOf(1, 29, 1_000_000)));

        assertThat(store.shared()).isEqualTo(1);
        assertThat(outbox(outbox)).containsExactly(Samples.entry(30, 1_000_000));
    }

    @ParameterizedTest
    @CsvSource({"200000, 1000", "300, 1000000"})
    @DisplayName("give their space on the disk back when they have been emptied")
    void spaceComesBack(long last, int payload) throws Exception {
        long outbox = store.outboxNumber("r");
        long atOnce = Math.max(1, 4_000_000 / payload);
        for (long first = 1; first <= last; first += atOnce) {
            fill(outbox, first, Math.min(last, first + atOnce - 1), payload);
        }
        long full = diskBytes();

        for (long first = 1; first <= last; first += atOnce) {
            long through = Math.min(last, first + atOnce - 1);
            OutboxSize removed = sizeOf(first, through, payload);
            commit(store, write -> write.trimOutbox(outbox, through, removed));
        }

        assertThat(full).isGreaterThan(200_000_000);
        await().atMost(Duration.ofMinutes(5)).until(() -> diskBytes() < full / 4);
        assertThat(store.outboxSize(outbox)).isEqualTo(EMPTY);
    }

    private long diskBytes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    @DisplayName("are counted once when the store is of a version that did not count")
    void withoutMarks() throws Exception {
        long outbox = store.outboxNumber("r");
        fill(outbox, 1, 2_500, 10);
        commit(store, write -> write.putDeadLetter(letter(1, 700)));
        store.close();
        try (Database database = Database.open(directory, Durability.OS, WALRecoveryMode.PointInTimeRecovery);
                WriteBatch batch = new WriteBatch()) {
            batch.delete(database.handle(Family.META), Keys.mark(outbox));
            batch.delete(database.handle(Family.META), Keys.mark(OutboxMarks.DEAD_LETTERS));
            database.write(batch);
        }

        store = RocksStore.open(directory, Durability.OS);

        assertThat(store.outboxSize(outbox)).isEqualTo(sizeOf(1, 2_500, 10));
        assertThat(store.outboxEnd(outbox)).isEqualTo(2_501);
        assertThat(store.deadLettersSize()).isEqualTo(new OutboxSize(1, OutboxEntry.bytesOf(Samples.plain(1, 700))));
    }

    private static DeadLetter letter(long number, int payloadBytes) {
        return new DeadLetter(number, "erp", Samples.plain(number, payloadBytes), 12, "400 Bad Request", 99);
    }

    @Test
    @DisplayName("count dead letters once, however often one comes or goes, and give none an old number")
    void deadLetters() throws Exception {
        DeadLetter small = letter(store.newDeadLetterNumber(), 10);
        DeadLetter large = letter(store.newDeadLetterNumber(), 3_000);
        commit(store, write -> write.putDeadLetter(small).putDeadLetter(large).putDeadLetter(small));
        assertThat(store.deadLettersSize())
                .isEqualTo(new OutboxSize(
                        2, OutboxEntry.bytesOf(small.message()) + (long) OutboxEntry.bytesOf(large.message())));

        commit(store, write -> write.deleteDeadLetter(large).deleteDeadLetter(large));
        commit(store, write -> write.deleteDeadLetter(large));
        reopen();

        assertThat(store.deadLettersSize()).isEqualTo(new OutboxSize(1, OutboxEntry.bytesOf(small.message())));
        assertThat(store.newDeadLetterNumber()).isEqualTo(3);
    }

    @Test
    @DisplayName("belong to a store with an id, which stays, and is another for another store")
    void id() throws Exception {
        String id = store.id();
        reopen();

        assertThat(store.id()).isEqualTo(id).matches("[0-9a-zA-Z]{1,32}");
        try (RocksStore other = RocksStore.open(directory.resolve("other"), Durability.OS)) {
            assertThat(other.id()).isNotEqualTo(id);
        }
    }

    @Test
    @DisplayName("are not opened under another id when the store's own cannot be read")
    void damagedId() throws Exception {
        store.close();
        try (Database database = Database.open(directory, Durability.OS, WALRecoveryMode.PointInTimeRecovery);
                WriteBatch batch = new WriteBatch()) {
            batch.put(database.handle(Family.META), Keys.storeId(), new byte[9]);
            database.write(batch);
        }

        assertThatThrownBy(() -> RocksStore.open(directory, Durability.OS))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContainingAll("does not say its id", "restore the directory from a backup");
    }
}
