// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static io.gantry.store.Commits.commit;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.store.OutboxEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A damaged store")
class DamageTest {
    private static final int ENTRIES = 1_000;
    private static final int SIZE = 300;

    @TempDir
    Path parent;

    private Path whole;

    @BeforeEach
    void fill() throws Exception {
        whole = parent.resolve("whole");
        try (RocksStore store = RocksStore.open(whole, Durability.OS)) {
            for (int i = 1; i <= ENTRIES; i++) {
                OutboxEntry entry = Samples.entry(i, SIZE);
                commit(store, write -> write.putOutbox(1, entry));
            }
        }
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(parent.resolve(name));
        try (Stream<Path> files = Files.list(whole)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    /** The largest file whose name ends so. */
    private static Path file(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int value = bytes.read();
            bytes.seek(offset);
            bytes.write(value ^ 0x40);
        }
    }

    private static List<Long> sequences(RocksStore store) {
        List<OutboxEntry> entries = store.outbox(1, 1, 10_000, Long.MAX_VALUE);
        assertThat(entries).allSatisfy(entry -> assertThat(entry).isEqualTo(Samples.entry(entry.sequence(), SIZE)));
        return entries.stream().map(OutboxEntry::sequence).toList();
    }

    private static List<Long> through(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    @DisplayName("whose log was cut anywhere, or ends in zeros or noise, opens with everything before the cut (seed 5)")
    void tornTail() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 12; round++) {
            Path copy = copy("cut-" + round);
            Path log = file(copy, ".log");
            int cut = 1 + random.nextInt(100_000);
            byte[] tail = new byte[round % 3 == 0 ? 0 : random.nextInt(5_000)];
            if (round % 3 == 1) {
                random.nextBytes(tail);
            }
            byte[] bytes = Files.readAllBytes(log);
            byte[] torn = Arrays.copyOf(bytes, bytes.length - cut + tail.length);
            System.arraycopy(tail, 0, torn, bytes.length - cut, tail.length);
            Files.write(log, torn);

            try (RocksStore store = RocksStore.open(copy, Durability.OS)) {
                List<Long> found = sequences(store);

                assertThat(found).isEqualTo(through(found.size()));
                assertThat(found.size()).isGreaterThan(ENTRIES - 2 - cut / SIZE);
                commit(store, write -> write.putOutbox(1, Samples.entry(found.size() + 1, SIZE)));
            }
            try (RocksStore store = RocksStore.open(copy, Durability.OS)) {
                assertThat(sequences(store)).hasSizeGreaterThan(ENTRIES - 1 - cut / SIZE);
            }
        }
    }

    @Test
    @DisplayName("with a flipped byte in the middle of its log opens with what stands before and after that block")
    void flippedInLog() throws Exception {
        Path copy = copy("flipped-log");
        Path log = file(copy, ".log");
        flip(log, Files.size(log) / 2);

        try (RocksStore store = RocksStore.open(copy, Durability.OS)) {
            List<Long> found = sequences(store);

            assertThat(found).hasSizeBetween(ENTRIES - 110, ENTRIES - 1).startsWith(1L, 2L, 3L);
            assertThat(found).endsWith(ENTRIES - 1L, (long) ENTRIES);
        }
    }

    @Test
    @DisplayName("with a flipped byte in a table reports that record and reads all others")
    void flippedInTable() throws Exception {
        Path copy = copy("flipped-table");
        try (RocksStore store = RocksStore.open(copy, Durability.OS)) {
            store.flush();
        }
        Path table = file(copy, ".sst");
        flip(
                table,
                indexOf(
                        Files.readAllBytes(table),
                        Samples.entry(500, SIZE).message().payload().sharedBytes()));

        try (RocksStore store = RocksStore.open(copy, Durability.OS)) {
            List<Long> found = sequences(store);

            assertThat(found).hasSize(ENTRIES - 1).doesNotContain(500L);
            assertThat(store.damagedRecords()).isEqualTo(1);
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i <= bytes.length - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }
}
