// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.files.FileEvents;
import io.gantry.api.files.FollowedFiles;
import io.gantry.api.files.FollowedFiles.Look;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one file holds, taken as a whole or not at all, and read again when it changes. */
final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final int MAX_BYTES = 16 << 20;

    private final Path path;
    private final FollowedFiles<T> followed;

    /** Makes a value of a whole file. */
    @FunctionalInterface
    interface Reading<T> {
        T read(String file, byte[] bytes) throws InvalidFileException;
    }

    private WatchedFile(Path path, Reading<T> reading) throws InvalidFileException {
        this.path = path;
        this.followed = FollowedFiles.open(List.of(path), () -> reading.read(path.toString(), bytes(path)));
    }

    /**
     * Reads the file a first time.
     *
     * @throws InvalidFileException when it cannot be read, or does not hold what it should
     */
    static <T> WatchedFile<T> open(String file, Reading<T> reading) throws InvalidFileException {
        try {
            return new WatchedFile<>(Path.of(file), reading);
        } catch (InvalidPathException none) {
            throw unreadable(file);
        }
    }

    /** What the file last held that was right. Any thread. */
    T content() {
        return followed.current();
    }

    /** Reads the file again if it has changed. */
    void look(FileEvents events) {
        Look found = followed.look();
        if (found instanceof Look.Renewed) {
            LOG.atInfo().addKeyValue("file", path).log("file read again");
            events.renewed(path.toString());
        } else if (found instanceof Look.Failed failed) {
            String reason = reasonOf(failed.cause());
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("reason", reason)
                    .log("file cannot be used, what it held before stays in force");
            events.failed(path.toString(), reason);
        }
    }

    /** What is no complaint of our own may quote the file. */
    private static String reasonOf(Exception cause) {
        return cause instanceof InvalidFileException
                ? String.valueOf(cause.getMessage())
                : cause.getClass().getSimpleName();
    }

    private static byte[] bytes(Path path) throws InvalidFileException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw InvalidFileException.of(path.toString(), "must not be larger than 16MiB");
            }
            return bytes;
        } catch (IOException failure) {
            throw unreadable(path.toString());
        }
    }

    private static InvalidFileException unreadable(String file) {
        return InvalidFileException.of(file, "must be a file that can be read");
    }
}
