// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.util.zip.CRC32C;

/**
 * A record with its checksum, which covers the place too: RocksDB's own checksums say that a block is damaged, these say
 * which record is.
 */
final class Checked {
    private static final int CHECKSUM = 4;

    private Checked() {}

    static byte[] seal(Family family, byte[] key, ByteWriter record) {
        byte[] sealed = record.i32(0).toBytes();
        int end = sealed.length - CHECKSUM;
        int checksum = checksum(family, key, sealed, end);
        for (int i = 0; i < CHECKSUM; i++) {
            sealed[end + i] = (byte) (checksum >>> (24 - 8 * i));
        }
        return sealed;
    }

    /** The record's bytes, when they are those that were sealed for that place. */
    static ByteReader open(Family family, byte[] key, byte[] sealed) {
        int end = sealed.length - CHECKSUM;
        if (end < 0) {
            throw new DamagedRecordException("ends too early");
        }
        int found = new ByteReader(sealed, end, sealed.length).i32();
        if (found != checksum(family, key, sealed, end)) {
            throw new DamagedRecordException("the checksum does not fit");
        }
        return new ByteReader(sealed, 0, end);
    }

    private static int checksum(Family family, byte[] key, byte[] bytes, int end) {
        CRC32C crc = new CRC32C();
        crc.update(family.number());
        crc.update(key, 0, key.length);
        crc.update(bytes, 0, end);
        return (int) crc.getValue();
    }
}
