// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file holds, read again when the file changes. A file is taken as a whole or not at all: one that is wrong, or
 * cannot be read, leaves what was read before in place, and is warned of once.
 */
final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final int MAX_BYTES = 16 << 20;

    private final Path path;
    private final Reading<T> reading;
    private volatile T content;
    private volatile Stamp stamp;
    private volatile boolean unreadable;

    /** Makes a value of a whole file. */
    @FunctionalInterface
    interface Reading<T> {
        T read(String file, byte[] bytes) throws InvalidFileException;
    }

    /** How a file is seen to have changed; one that is replaced has another key. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
        }
    }

    private WatchedFile(Path path, Reading<T> reading) throws InvalidFileException, IOException {
        this.path = path;
        this.reading = reading;
        this.stamp = Stamp.of(path);
        this.content = reading.read(path.toString(), bytes());
    }

    /**
     * Reads the file a first time.
     *
     * @throws InvalidFileException when it cannot be read, or does not hold what it should
     */
    static <T> WatchedFile<T> open(String file, Reading<T> reading) throws InvalidFileException {
        try {
            return new WatchedFile<>(Path.of(file), reading);
        } catch (IOException failure) {
            throw InvalidFileException.of(file, "must be a file that can be read");
        }
    }

    /** What the file last held that was right. Any thread. */
    T content() {
        return content;
    }

    /** Reads the file again if it has changed. One thread at a time. */
    void look() {
        try {
            Stamp found = Stamp.of(path);
            if (!unreadable && found.equals(stamp)) {
                return;
            }
            byte[] bytes = bytes();
            unreadable = false;
            stamp = found;
            content = reading.read(path.toString(), bytes);
            LOG.atInfo().addKeyValue("file", path).log("file read again");
        } catch (IOException failure) {
            if (!unreadable) {
                warn(String.valueOf(failure));
            }
            unreadable = true;
        } catch (InvalidFileException | RuntimeException wrong) {
            warn(Objects.requireNonNullElse(wrong.getMessage(), wrong.getClass().getSimpleName()));
        }
    }

    private void warn(String reason) {
        LOG.atWarn()
                .addKeyValue("file", path)
                .addKeyValue("reason", reason)
                .log("file cannot be used, what it held before stays in force");
    }

    private byte[] bytes() throws IOException, InvalidFileException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw InvalidFileException.of(path.toString(), "must not be larger than 16MiB");
            }
            return bytes;
        }
    }
}
