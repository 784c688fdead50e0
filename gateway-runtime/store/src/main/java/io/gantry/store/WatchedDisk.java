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
    private boolean room;

    WatchedDisk(StoreDirectory directory, Database database, long reserveBytes) {
        this.directory = directory;
        this.database = database;
        this.reserveBytes = reserveBytes;
    }

    @Override
    public void write(WriteBatch batch) throws RocksDBException {
        database.write(batch);
    }

    @Override
    public boolean hasRoom() {
        long now = System.nanoTime();
        if (!room || now - looked > LOOK_AGAIN_NANOS) {
            looked = now;
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
