// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.io.IOException;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The disk as the writer sees it: full while there is less room than the reserve. */
final class WatchedDisk implements Writer.Disk {
    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    private final StoreDirectory directory;
    private final Database database;
    private final long reserveBytes;
    private long looked;
    private long writtenSince;
    private boolean room;

    WatchedDisk(StoreDirectory directory, Database database, long reserveBytes) {
        this.directory = directory;
        this.database = database;
        this.reserveBytes = reserveBytes;
    }

    @Override
    public void write(WriteBatch batch) throws RocksDBException {
        writtenSince += batch.getDataSize();
        database.write(batch);
    }

    @Override
    public boolean hasRoom() {
        long now = System.nanoTime();
        // a fast disk takes the whole reserve between two looks if only time counts
        if (!room || now - looked > LOOK_AGAIN_NANOS || writtenSince > reserveBytes / 4) {
            looked = now;
            writtenSince = 0;
            room = look();
        }
        return room;
    }

    private boolean look() {
        try {
            return directory.room() >= reserveBytes;
        } catch (IOException unknown) {
            // the write itself will tell
            return true;
        }
    }
}
