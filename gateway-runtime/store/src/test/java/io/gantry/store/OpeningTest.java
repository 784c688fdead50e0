// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static io.gantry.store.Commits.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;

@DisplayName("Opening a store")
class OpeningTest {
    @TempDir
    Path parent;

    private Path directory() {
        return parent.resolve("gantry-data");
    }

    private void filled() throws Exception {
        try (RocksStore store = RocksStore.open(directory(), Durability.OS)) {
            commit(store, write -> write.putOutbox(1, Samples.entry(1, 10)));
            store.flush();
        }
    }

    private void assertRefused(String... texts) {
        assertThatThrownBy(() -> RocksStore.open(directory(), Durability.OS).close())
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContainingAll(texts);
    }

    @Test
    @DisplayName("makes the directory for its owner alone")
    void mode() throws Exception {
        filled();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
    }

    @Test
    @DisplayName("is refused to a second process, which learns who has it, and granted again when that is killed")
    void secondProcess() throws Exception {
        try (StoreChild child = StoreChild.start(directory())) {
            child.awaitAcknowledged(1);

            assertRefused(directory().toRealPath().toString(), "in use by process " + child.pid());

            child.kill();
        }
        RocksStore.open(directory(), Durability.OS).close();
    }

    @Test
    @DisplayName("is refused a second time in one process")
    void twice() throws Exception {
        try (RocksStore first = RocksStore.open(directory(), Durability.OS)) {
            assertRefused("in use by process " + ProcessHandle.current().pid());

            commit(first, write -> write.putOutbox(1, Samples.entry(1, 10)));
        }
    }

    @Test
    @DisplayName("refuses a newer format and an older one, and says what to do")
    void formats() throws Exception {
        filled();

        format(2);
        assertRefused("has format 2", "newer Gantry", "reads format 1");
        format(0);
        assertRefused("has format 0", "older Gantry", "reads format 1");
        format(1);
        RocksStore.open(directory(), Durability.OS).close();
    }

    private void format(long format) throws RocksDBException {
        try (Database database = Database.open(directory(), Durability.OS, WALRecoveryMode.PointInTimeRecovery);
                WriteBatch batch = new WriteBatch()) {
            byte[] sealed = Checked.seal(Family.META, Keys.format(), Records.number(format));
            batch.put(database.handle(Family.META), Keys.format(), sealed);
            database.write(batch);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CURRENT", "MANIFEST-.*", "\\d+.sst", "\\d+.log"})
    @DisplayName("refuses a store that lacks a file, names it and says what to do; nothing starts afresh silently")
    void missingFile(String name) throws Exception {
        filled();
        List<Path> missing = files().filter(
                        file -> file.getFileName().toString().matches(name))
                .toList();
        for (Path file : missing) {
            Files.delete(file);
        }

        assertThat(missing).isNotEmpty();
        String shown = name.endsWith("log") ? "NUMBER.log" : name.endsWith("sst") ? ".sst" : name.replace(".*", "");
        assertRefused(shown, "restore the directory from a backup");
        assertRefused(shown, "restore the directory from a backup");
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.toList().stream();
        }
    }

    @Test
    @DisplayName("refuses a read-only directory, and a file in its place")
    void readOnly() throws Exception {
        try (Tmpfs disk = Tmpfs.mount(directory(), "4m")) {
            Assumptions.assumeTrue(disk.isMounted(), "may not mount, and permissions mean nothing to root");
            disk.makeReadOnly();

            assertRefused("read-only");
        }
        Files.delete(directory());
        Files.writeString(directory(), "not a directory");
        assertRefused("cannot be used", "expected a directory");
    }

    @Test
    @DisplayName("refuses a directory of another user")
    void foreignOwner() throws Exception {
        Files.createDirectories(directory());
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a directory away");
        Files.setAttribute(directory(), "unix:uid", 4711);

        assertRefused("belongs to 4711", "runs as root");
    }
}
