// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.util.Environment;

/** Opens the database of a directory, in the format of this version. */
final class Opening {
    static final long FORMAT = 1;

    private Opening() {}

    static Database open(Path path, Durability durability) throws RocksDBException, IOException, StoreRefusedException {
        loadNativeLibrary(path);
        boolean damagedLog = LogCheck.damaged(path);
        Database database = Database.open(
                path,
                durability,
                damagedLog ? WALRecoveryMode.SkipAnyCorruptedRecords : WALRecoveryMode.PointInTimeRecovery);
        try {
            checkFormat(path, database);
            return database;
        } catch (RocksDBException | RuntimeException | StoreRefusedException failure) {
            database.close();
            throw failure;
        }
    }

    /**
     * Unpacks RocksDB's native part into the store's directory: by itself it would leave a new file in the system's
     * temporary directory whenever the process is killed. Where the directory has no room for it or runs nothing, it goes
     * there all the same.
     */
    private static void loadNativeLibrary(Path path) throws IOException {
        try {
            NativeLibraryLoader.getInstance().loadLibrary(path.toString());
        } catch (IOException | UnsatisfiedLinkError notHere) {
            Files.deleteIfExists(path.resolve(Environment.getJniLibraryFileName("rocksdb")));
            NativeLibraryLoader.getInstance().loadLibrary(null);
        }
    }

    private static void checkFormat(Path path, Database database) throws RocksDBException, StoreRefusedException {
        byte[] key = Keys.format();
        Optional<byte[]> stored = database.get(Family.META, key);
        if (stored.isEmpty()) {
            try (WriteBatch batch = new WriteBatch()) {
                batch.put(database.handle(Family.META), key, Checked.seal(Family.META, key, Records.number(FORMAT)));
                database.write(batch);
            }
            return;
        }
        long format;
        try {
            format = Records.number(Checked.open(Family.META, key, stored.get()));
        } catch (DamagedRecordException damage) {
            throw new StoreRefusedException(
                    "the store " + path + " does not say its format (" + damage.getMessage() + ")"
                            + StoreDirectory.instructions(path),
                    damage);
        }
        if (format > FORMAT) {
            throw new StoreRefusedException(
                    "the store " + path + " has format " + format + ", written by a newer Gantry;"
                            + " this one reads format " + FORMAT
                            + ": start the newer version, or give this one a store.directory"
                            + " of its own");
        }
        if (format < FORMAT) {
            throw new StoreRefusedException(
                    "the store " + path + " has format " + format + ", written by an older Gantry;"
                            + " this one reads format " + FORMAT
                            + ": let the older version empty its outboxes, then move " + path
                            + " away");
        }
    }

    static StoreRefusedException refusal(Path path, Exception failure) {
        return new StoreRefusedException(
                "the store " + path + " cannot be opened: " + failure.getMessage() + StoreDirectory.instructions(path),
                failure);
    }
}
