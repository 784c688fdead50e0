// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

import io.gantry.api.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some files that belong together hold, read again when one of them changes. Whoever owns it has it {@link #look}
 * every {@link FileWatch#INTERVAL}; in between it costs nothing. What it promises:
 *
 * <ul>
 *   <li>What the files last held that was right stays in use until something else that is right has been read as a whole.
 *   <li>A file that is replaced by another (rename) is seen at the next look, and so is one behind a link, or behind a link
 *       to its directory, that is turned (Kubernetes).
 *   <li>A file that is written in place may be seen half done, and of two files the first alone. What cannot be used is
 *       therefore not complained of before a second look finds the very same; and once, until it changes.
 *   <li>A file that is deleted, or may not be read, is one that cannot be used. It is read when it is back, even as it was.
 *   <li>A file that is only touched, or written with what it holds, has not changed.
 *   <li>Two changes within one tick of the file system's clock (milliseconds, or 2 seconds) are both seen: as long as a
 *       file is that young, its content is compared and not its time. A later change is not seen when it leaves time, size
 *       and inode as they were, or is made to a file beyond 16 MiB within one tick.
 * </ul>
 *
 * @param <T> what is made of them, which never changes
 */
public final class FollowedFiles<T> {
    private static final Look SAME = new Look.Same();
    private static final Look RENEWED = new Look.Renewed();

    private final List<Path> files;
    private final Reading<T, ?> reading;
    private volatile T current;
    private volatile T before;
    private FileState seen;
    private @Nullable FileState suspect;

    /**
     * Makes something of what the files hold.
     *
     * @param <T> what it makes
     * @param <E> says that it cannot; quotes nothing that is secret
     */
    @FunctionalInterface
    public interface Reading<T, E extends Exception> {
        /** Reads them all, on the thread that looks. */
        T read() throws E;
    }

    /** What a look at the files has found. */
    public sealed interface Look {
        /** Nothing, or something that may be still under way. */
        record Same() implements Look {}

        /** Something else than before, which is in use now. */
        record Renewed() implements Look {}

        /**
         * Something that cannot be used; what there was before stays. Once for each change.
         *
         * @param cause what reading them ended with
         */
        record Failed(Exception cause) implements Look {

            /**
             * What may be said of it: what is no complaint about a setting may quote the file, so only its kind is named.
             *
             * @param key of the settings, when the complaint names none
             */
            public String reason(String key) {
                return cause instanceof InvalidSettingException refused
                        ? refused.key().orElse(key) + " " + refused.getMessage()
                        : cause.getClass().getSimpleName();
            }
        }
    }

    private FollowedFiles(List<Path> files, Reading<T, ?> reading, FileState seen, T current) {
        this.files = List.copyOf(files);
        this.reading = reading;
        this.seen = seen;
        this.current = current;
        this.before = current;
    }

    /**
     * Reads the files for the first time.
     *
     * @throws E when they do not hold what they should
     */
    public static <T, E extends Exception> FollowedFiles<T> open(List<Path> files, Reading<T, E> reading) throws E {
        FileState found = FileState.of(files);
        return new FollowedFiles<>(files, reading, found, reading.read());
    }

    /** What the files last held that was right. Any thread. */
    public T current() {
        return current;
    }

    /** What was current until the last change, for who has begun with it. Any thread. */
    public T before() {
        return before;
    }

    /** The first file, which gives the others their name. */
    public String name() {
        return files.get(0).toString();
    }

    /** Reads the files when they have changed. Any thread, one at a time; waits for the disk and for the reading. */
    public synchronized Look look() {
        if (seen.isSettled() && seen.marks().equals(FileState.marksOf(files))) {
            return SAME;
        }
        FileState now = FileState.of(files);
        if (seen.hasContentOf(now)) {
            seen = now;
            suspect = null;
            return SAME;
        }
        Exception wrong = tryRead(now);
        if (wrong == null) {
            return RENEWED;
        }
        if (suspect == null || !suspect.hasContentOf(now)) {
            suspect = now;
            return SAME;
        }
        seen = now;
        suspect = null;
        return new Look.Failed(wrong);
    }

    /** The reason why they cannot be used; null when they are. */
    private @Nullable Exception tryRead(FileState now) {
        try {
            T found = reading.read();
            if (!now.hasContentOf(FileState.of(files))) {
                return new IOException("it changes while it is read");
            }
            before = current;
            current = found;
            seen = now;
            suspect = null;
            return null;
        } catch (Exception wrong) {
            return wrong;
        }
    }
}
