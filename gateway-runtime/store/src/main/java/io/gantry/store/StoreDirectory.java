// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory of a store: ours alone, whole, and nobody else's at the same time. */
final class StoreDirectory implements AutoCloseable {
    private static final String LOCK = "gantry.lock";

    private final Path path;
    private final FileChannel lockFile;
    private final FileStore disk;

    private StoreDirectory(Path path, FileChannel lockFile, FileStore disk) {
        this.path = path;
        this.lockFile = lockFile;
        this.disk = disk;
    }

    /** Makes the directory when it is missing, checks it and locks it. */
    static StoreDirectory open(Path path) throws StoreRefusedException {
        try {
            boolean existed = Files.isDirectory(path);
            Files.createDirectories(path);
            Path real = path.toRealPath();
            checkOwner(real);
            if (real.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
            }
            FileChannel lock = lock(real);
            try {
                if (existed) {
                    checkWhole(real);
                }
                return new StoreDirectory(real, lock, Files.getFileStore(real));
            } catch (IOException | StoreRefusedException refusal) {
                lock.close();
                throw refusal;
            }
        } catch (IOException failure) {
            throw new StoreRefusedException(
                    "the store's directory " + path.toAbsolutePath() + " cannot be used: " + failure
                            + "; expected a directory that this user owns and may write to",
                    failure);
        }
    }

    private static void checkOwner(Path path) throws IOException, StoreRefusedException {
        Path probe;
        try {
            probe = Files.createTempFile(path, "probe", null);
        } catch (IOException failure) {
            throw new StoreRefusedException(
                    "the store's directory " + path + " is read-only for this user (" + failure
                            + "); expected one it may write to",
                    failure);
        }
        try {
            String owner = Files.getOwner(path).getName();
            String user = Files.getOwner(probe).getName();
            if (!owner.equals(user)) {
                throw new StoreRefusedException("the store's directory " + path + " belongs to " + owner
                        + ", this process runs as " + user
                        + "; expected the same user: change the directory's owner, or run"
                        + " as " + owner);
            }
        } finally {
            Files.delete(probe);
        }
    }

    private static FileChannel lock(Path path) throws IOException, StoreRefusedException {
        FileChannel file = FileChannel.open(
                path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(file);
        if (lock == null) {
            String holder = Files.readString(path.resolve(LOCK)).strip();
            file.close();
            throw new StoreRefusedException("the store " + path + " is in use by process " + holder
                    + "; stop it, or give this one a store.directory of its own");
        }
        file.truncate(0);
        file.write(
                StandardCharsets.US_ASCII.encode(
                        Long.toString(ProcessHandle.current().pid())),
                0);
        return file;
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** RocksDB itself would start afresh where its first file is missing, and not miss a log. */
    private static void checkWhole(Path path) throws IOException, StoreRefusedException {
        List<String> names;
        try (Stream<Path> files = Files.list(path)) {
            names = files.map(file -> file.getFileName().toString()).toList();
        }
        boolean started = names.contains("CURRENT");
        boolean traces =
                names.stream().anyMatch(name -> name.startsWith("MANIFEST-") || name.matches("\\d+\\.(sst|log)"));
        if (!started && traces) {
            throw missing(path, "CURRENT");
        }
        if (started && names.stream().noneMatch(name -> name.matches("\\d+\\.log"))) {
            throw missing(path, "the write-ahead log (NUMBER.log)");
        }
        if (started) {
            String manifest = Files.readString(path.resolve("CURRENT")).strip();
            if (!names.contains(manifest)) {
                throw missing(path, manifest.isEmpty() ? "the content of CURRENT" : manifest);
            }
        }
    }

    private static StoreRefusedException missing(Path path, String file) {
        return new StoreRefusedException("the store " + path + " lacks " + file + instructions(path));
    }

    /** What to do about a store that is not whole. */
    static String instructions(Path path) {
        return "; put the file back, or restore the directory from a backup, or start without what it held by moving "
                + path + " away";
    }

    Path path() {
        return path;
    }

    /** Bytes that can still be written. */
    long room() throws IOException {
        return disk.getUsableSpace();
    }

    long capacity() throws IOException {
        return disk.getTotalSpace();
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
