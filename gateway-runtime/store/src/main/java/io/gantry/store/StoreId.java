// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What tells a store from every other: made at random when it is first opened. */
final class StoreId {
    private StoreId() {}

    /** The id of the store; given now when it has none. A damaged one is not replaced: targets know the store by it. */
    static String of(Path path, Database database) throws RocksDBException, StoreRefusedException {
        byte[] key = Keys.storeId();
        Optional<byte[]> stored = database.get(Family.META, key);
        if (stored.isPresent()) {
            try {
                return Records.text(Checked.open(Family.META, key, stored.get()));
            } catch (DamagedRecordException damage) {
                throw new StoreRefusedException(
                        "the store " + path + " does not say its id (" + damage.getMessage() + ")"
                                + StoreDirectory.instructions(path),
                        damage);
            }
        }
        String id = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(database.handle(Family.META), key, Checked.seal(Family.META, key, Records.text(id)));
            database.write(batch);
        }
        return id;
    }
}
