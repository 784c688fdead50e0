// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What some files hold that belong together, read again when one of them changes. The files are compared by time, size and
 * inode, through links, so that the swap of a link to their directory is seen as well (Kubernetes).
 *
 * @param <T> what is made of them, which never changes
 */
final class Followed<T> {
    private final List<Path> files;
    private final Supplier<T> reader;
    private volatile T current;
    private volatile T before;
    private List<String> read;
    private List<String> suspect;

    /** What a look at the files has found. */
    sealed interface Look {
        /** Nothing, or something that may be still under way. */
        record Same() implements Look {}

        /** Something else than before. */
        record Renewed() implements Look {}

        /** Something that cannot be used. */
        record Failed(String reason) implements Look {}
    }

    /**
     * Reads the files for the first time.
     *
     * @param files the first gives the others their name
     * @throws InvalidSettingException when they do not hold what they should
     */
    Followed(List<Path> files, Supplier<T> reader) {
        this.files = List.copyOf(files);
        this.reader = reader;
        this.read = marks();
        this.suspect = read;
        this.current = reader.get();
        this.before = current;
    }

    /** What the files last held that was right. Any thread. */
    T current() {
        return current;
    }

    /** What was current until the last change, for who has begun with it. Any thread. */
    T before() {
        return before;
    }

    String name() {
        return files.get(0).toString();
    }

    /** Reads the files when they have changed. Files that are written one after the other have until the next look. */
    Look look() {
        List<String> now = marks();
        if (now.equals(read)) {
            return new Look.Same();
        }
        String reason = tryRead(now);
        if (reason == null) {
            return new Look.Renewed();
        }
        if (!now.equals(suspect)) {
            suspect = now;
            return new Look.Same();
        }
        read = now;
        return new Look.Failed(reason);
    }

    /** The reason why it cannot be used; null when it is. */
    private @Nullable String tryRead(List<String> now) {
        try {
            T found = reader.get();
            if (!now.equals(marks())) {
                return "it changes while it is read";
            }
            before = current;
            current = found;
            read = now;
            return null;
        } catch (InvalidSettingException refused) {
            return refused.key().orElse("tls") + " " + refused.getMessage();
        }
    }

    private List<String> marks() {
        return files.stream().map(Followed::mark).toList();
    }

    private static String mark(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
        } catch (IOException absent) {
            return "absent";
        }
    }
}
