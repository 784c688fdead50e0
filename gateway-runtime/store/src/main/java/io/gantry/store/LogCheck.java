// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the write-ahead logs before RocksDB does, which tells a log that was cut short apart from one that was damaged
 * only roughly: behind a record that does not check, either nothing whole follows (the process died while it wrote: cut
 * off, nothing acknowledged is lost) or something does (what was acknowledged is damaged: reported with its place, and the
 * rest is kept).
 */
final class LogCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int RECYCLABLE_HEADER = 11;
    private static final int FIRST_RECYCLABLE = 5;
    private static final int LAST_RECYCLABLE = 8;

    private final Path log;
    private long brokenAt = -1;
    private boolean wholeAfterwards;

    private LogCheck(Path log) {
        this.log = log;
    }

    /** Whether a log is damaged, other than cut short. */
    static boolean damaged(Path directory) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(directory)) {
            logs = files.filter(file -> file.getFileName().toString().matches("\\d+\\.log"))
                    .sorted()
                    .toList();
        }
        boolean damaged = false;
        for (int i = 0; i < logs.size(); i++) {
            LogCheck check = new LogCheck(logs.get(i));
            check.read();
            check.wholeAfterwards |= hasContent(logs.subList(i + 1, logs.size()));
            damaged |= check.report();
        }
        return damaged;
    }

    private static boolean hasContent(List<Path> logs) throws IOException {
        for (Path log : logs) {
            if (Files.size(log) > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean report() throws IOException {
        if (brokenAt < 0) {
            return false;
        }
        if (wholeAfterwards) {
            LOG.atError()
                    .addKeyValue("file", log)
                    .addKeyValue("offset", brokenAt)
                    .log(
                            "the store's log is damaged: writes in that block of 32 KiB are lost, those before and after it are kept");
        } else {
            LOG.atWarn()
                    .addKeyValue("file", log)
                    .addKeyValue("offset", brokenAt)
                    .addKeyValue("bytes", Files.size(log) - brokenAt)
                    .log("the store's log ends in a write that was never finished: cut off");
        }
        return wholeAfterwards;
    }

    private void read() throws IOException {
        byte[] block = new byte[BLOCK];
        long offset = 0;
        try (InputStream in = Files.newInputStream(log)) {
            int size = in.readNBytes(block, 0, BLOCK);
            while (size > 0) {
                readBlock(block, size, offset);
                offset += size;
                size = in.readNBytes(block, 0, BLOCK);
            }
        }
    }

    private void readBlock(byte[] block, int size, long offset) {
        int at = 0;
        while (size - at >= HEADER) {
            int length = (block[at + 4] & 0xFF) | (block[at + 5] & 0xFF) << 8;
            int type = block[at + 6] & 0xFF;
            int header = type >= FIRST_RECYCLABLE && type <= LAST_RECYCLABLE ? RECYCLABLE_HEADER : HEADER;
            if (type == 0 && length == 0) {
                // zeros: space that was set aside and never written
                broken(offset + at, isZero(block, at, size));
                return;
            }
            if (at + header + length > size) {
                broken(offset + at, false);
                return;
            }
            if (checksum(block, at, header, length) == stored(block, at)) {
                wholeAfterwards |= brokenAt >= 0;
            } else {
                broken(offset + at, false);
            }
            at += header + length;
        }
    }

    private void broken(long offset, boolean onlyZeros) {
        if (brokenAt < 0 && !onlyZeros) {
            brokenAt = offset;
        }
    }

    private static boolean isZero(byte[] block, int from, int size) {
        for (int i = from; i < size; i++) {
            if (block[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(byte[] block, int at, int header, int length) {
        CRC32C crc = new CRC32C();
        crc.update(block, at + 6, header - 6 + length);
        return (int) crc.getValue();
    }

    /** As RocksDB stores it: rotated, and a constant added. */
    private static int stored(byte[] block, int at) {
        int masked = (block[at] & 0xFF)
                | (block[at + 1] & 0xFF) << 8
                | (block[at + 2] & 0xFF) << 16
                | (block[at + 3] & 0xFF) << 24;
        int rotated = masked - 0xa282ead8;
        return rotated >>> 17 | rotated << 15;
    }
}
