// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that only grows, until it is renamed and another one begun. What could not be written as a whole is written over by
 * what comes next. One thread at a time.
 */
final class AuditFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final long maxBytes;
    private final int keep;
    private FileChannel channel;
    private @Nullable Object key;
    private long end;

    private AuditFile(Path path, long maxBytes, int keep) throws IOException {
        this.path = path;
        this.maxBytes = maxBytes;
        this.keep = keep;
        this.channel = locked(path);
        begin();
    }

    static AuditFile open(Path path, long maxBytes, int keep) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return new AuditFile(absolute, maxBytes, keep);
    }

    private void begin() throws IOException {
        end = channel.size();
        key = keyOf(path);
    }

    private static FileChannel locked(Path path) throws IOException {
        FileChannel channel = channel(path);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            channel.close();
            throw new IOException(path + " is written by another gateway", heldByThisProcess);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
        channel.close();
        throw new IOException(path + " is written by another gateway");
    }

    private static FileChannel channel(Path path) throws IOException {
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try {
            return FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    attributes);
        } catch (FileAlreadyExistsException before) {
            if (isPosix && Files.isRegularFile(path)) {
                Files.setPosixFilePermissions(path, OWNER_ONLY);
            }
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** The last bytes. */
    byte[] tail(int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, end));
        while (bytes.hasRemaining() && channel.read(bytes, end - bytes.remaining()) >= 0) {
            // until all is there
        }
        return bytes.array();
    }

    /** Makes room for so many bytes in one file, which another programme may have taken away meanwhile. */
    void prepare(int size) throws IOException {
        if (!isInPlace()) {
            channel.close();
            channel = locked(path);
            begin();
        }
        if (end > 0 && end + size > maxBytes) {
            rotate();
        }
    }

    private boolean isInPlace() throws IOException {
        try {
            return channel.isOpen() && Objects.equals(key, keyOf(path));
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private void rotate() throws IOException {
        for (int number = keep - 1; number >= 1; number--) {
            if (Files.exists(older(number))) {
                Files.move(older(number), older(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, older(1), StandardCopyOption.REPLACE_EXISTING);
        channel.close();
        channel = locked(path);
        begin();
    }

    private Path older(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Writes at the end, down to the disk. After a failure the end is where it was. */
    void append(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        long position = end;
        while (left.hasRemaining()) {
            position += channel.write(left, position);
        }
        channel.force(false);
        end = position;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
