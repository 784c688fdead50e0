// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

/** One step of a write, ready for the database. The writer thread carries it out. */
interface Change {
    void apply(Group group) throws org.rocksdb.RocksDBException;
}
