// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Env;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.SstFileManager;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/** RocksDB, opened and tuned: many small queues, bounded memory, damage noticed. */
final class Database implements AutoCloseable {
    private static final long CACHE_BYTES = 32L << 20;
    private static final long MEMTABLES_BYTES = 64L << 20;
    private static final long MEMTABLE_BYTES = 16L << 20;
    private static final long WAL_BYTES = 256L << 20;
    private static final int RANGE_DELETIONS_IN_MEMORY = 500;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final WriteOptions writing;
    private final CompactRangeOptions compacting;
    private final RocksDB rocks;

    /** Sees what a scan finds; false ends the scan. */
    interface Visitor {
        boolean visit(byte[] key, byte[] value) throws RocksDBException;
    }

    private Database(Path directory, Durability durability, WALRecoveryMode recovery) throws RocksDBException {
        try {
            LRUCache cache = opened(new LRUCache(CACHE_BYTES));
            writing = opened(new WriteOptions()).setSync(durability == Durability.FSYNC);
            compacting = opened(new CompactRangeOptions()).setExclusiveManualCompaction(false);
            rocks = open(directory, options(cache).setWalRecoveryMode(recovery), familyOptions(cache));
        } catch (RocksDBException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private RocksDB open(Path directory, DBOptions options, ColumnFamilyOptions familyOptions) throws RocksDBException {
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        for (Family family : Family.values()) {
            families.add(new ColumnFamilyDescriptor(family.familyName(), familyOptions));
        }
        for (byte[] other : unknown(directory)) {
            families.add(new ColumnFamilyDescriptor(other, familyOptions));
        }
        List<ColumnFamilyHandle> found = new ArrayList<>();
        RocksDB database = opened(RocksDB.open(options, directory.toString(), families, found));
        found.forEach(this::opened);
        Iterator<ColumnFamilyHandle> inOrder = found.iterator();
        for (Family family : Family.values()) {
            handles.put(family, inOrder.next());
        }
        return database;
    }

    static Database open(Path directory, Durability durability, WALRecoveryMode recovery) throws RocksDBException {
        RocksDB.loadLibrary();
        return new Database(directory, durability, recovery);
    }

    private DBOptions options(LRUCache cache) throws RocksDBException {
        Properties unreachable = new Properties();
        unreachable.setProperty("track_and_verify_wals_in_manifest", "true");
        return opened(DBOptions.getDBOptionsFromProps(unreachable))
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setMaxTotalWalSize(WAL_BYTES)
                .setMaxOpenFiles(512)
                .setMaxBackgroundJobs(2)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setWriteBufferManager(opened(new WriteBufferManager(MEMTABLES_BYTES, cache, false)))
                .setSstFileManager(opened(new SstFileManager(Env.getDefault())));
    }

    /** Without compression, so that a damaged byte costs one record and not its whole block. */
    private ColumnFamilyOptions familyOptions(LRUCache cache) {
        return opened(new ColumnFamilyOptions())
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(3)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setMemtableMaxRangeDeletions(RANGE_DELETIONS_IN_MEMORY)
                .setLevelCompactionDynamicLevelBytes(true)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(16 << 10)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(opened(new BloomFilter(10, false))));
    }

    /** Families of a format that this version does not know: they must be opened with the others. */
    private static List<byte[]> unknown(Path directory) throws RocksDBException {
        if (!directory.resolve("CURRENT").toFile().exists()) {
            return List.of();
        }
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .filter(name -> Arrays.stream(Family.values())
                            .noneMatch(family -> Arrays.equals(family.familyName(), name)))
                    .toList();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            throw new IllegalStateException("no family " + family);
        }
        return handle;
    }

    /** Writes all or nothing, and returns when it is as durable as configured. */
    void write(WriteBatch batch) throws RocksDBException {
        rocks.write(writing, batch);
    }

    Optional<byte[]> get(Family family, byte[] key) throws RocksDBException {
        return Optional.ofNullable(rocks.get(handle(family), key));
    }

    /**
     * Shows what stands from a key up to, and without, another, in order.
     *
     * @param end empty for the end of the family
     * @return whether a block was found damaged. Its records are shown all the same, as far as they can be found: they
     *     have checksums of their own
     */
    boolean scan(Family family, byte[] from, byte[] end, Visitor visitor) throws RocksDBException {
        byte[][] next = {from};
        try {
            scan(family, next, end, true, visitor);
            return false;
        } catch (RocksDBException failure) {
            if (!isDamage(failure)) {
                throw failure;
            }
        }
        scan(family, next, end, false, visitor);
        return true;
    }

    private void scan(Family family, byte[][] next, byte[] end, boolean verify, Visitor visitor)
            throws RocksDBException {
        try (ReadOptions reading = new ReadOptions().setVerifyChecksums(verify).setFillCache(false);
                Slice upper = new Slice(end)) {
            if (end.length > 0) {
                reading.setIterateUpperBound(upper);
            }
            try (RocksIterator iterator = rocks.newIterator(handle(family), reading)) {
                for (iterator.seek(next[0]); iterator.isValid(); iterator.next()) {
                    byte[] key = iterator.key();
                    if (!visitor.visit(key, iterator.value())) {
                        return;
                    }
                    next[0] = Arrays.copyOf(key, key.length + 1);
                }
                iterator.status();
            }
        }
    }

    /** The first key from another on, in the same family. */
    Optional<byte[]> first(Family family, byte[] from) throws RocksDBException {
        try (RocksIterator iterator = rocks.newIterator(handle(family))) {
            iterator.seek(from);
            iterator.status();
            return iterator.isValid() ? Optional.of(iterator.key()) : Optional.empty();
        }
    }

    /** The last key before another, in the same family. */
    Optional<byte[]> last(Family family, byte[] from, byte[] end) throws RocksDBException {
        try (RocksIterator iterator = rocks.newIterator(handle(family))) {
            iterator.seekForPrev(end);
            if (iterator.isValid() && Arrays.equals(iterator.key(), end)) {
                iterator.prev();
            }
            iterator.status();
            boolean found = iterator.isValid() && Arrays.compareUnsigned(iterator.key(), from) >= 0;
            return found ? Optional.of(iterator.key()) : Optional.empty();
        }
    }

    static boolean isDamage(RocksDBException failure) {
        return failure.getStatus() != null && failure.getStatus().getCode() == org.rocksdb.Status.Code.Corruption;
    }

    static boolean isNoSpace(RocksDBException failure) {
        return failure.getStatus() != null && failure.getStatus().getSubCode() == org.rocksdb.Status.SubCode.NoSpace;
    }

    /** Moves what is only in the log and in memory into tables. */
    void flush() throws RocksDBException {
        try (org.rocksdb.FlushOptions options = new org.rocksdb.FlushOptions()) {
            rocks.flush(options, List.copyOf(handles.values()));
        }
    }

    /** Bytes of a family's files, without the log. */
    long size(Family family) throws RocksDBException {
        return rocks.getLongProperty(handle(family), "rocksdb.live-sst-files-size");
    }

    /** Roughly how many keys a family has. */
    long keys(Family family) throws RocksDBException {
        return rocks.getLongProperty(handle(family), "rocksdb.estimate-num-keys");
    }

    /** Drops what has been deleted between two keys from the files. Returns early when it is cancelled. */
    void compact(Family family, byte[] from, byte[] end) throws RocksDBException {
        rocks.deleteFilesInRanges(handle(family), List.of(from, end), false);
        compactRange(family, from, end);
    }

    /** Drops what has been deleted in a family from the files. Returns early when it is cancelled. */
    void compact(Family family) throws RocksDBException {
        compactRange(family, null, null);
    }

    private void compactRange(Family family, byte @Nullable [] from, byte @Nullable [] end) throws RocksDBException {
        try {
            rocks.compactRange(handle(family), from, end, compacting);
        } catch (RocksDBException failure) {
            if (!isCancelled(failure)) {
                throw failure;
            }
        }
    }

    private static boolean isCancelled(RocksDBException failure) {
        return failure.getStatus() != null && failure.getStatus().getCode() == org.rocksdb.Status.Code.Incomplete;
    }

    /** Ends compactions that were asked for; there will be no more of them. */
    void cancelCompactions() {
        compacting.setCanceled(true);
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                throw new IllegalStateException("a part of RocksDB does not close", failure);
            }
        }
    }
}
