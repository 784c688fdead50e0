// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files stood at a moment.
 *
 * @param marks what tells cheaply that a file is another, in the order of the files
 * @param content the hash of what they held; of a file too large for that, or that is none, its mark
 * @param isSettled whether what they hold cannot become something else under the same marks
 */
record FileState(List<Mark> marks, List<String> content, boolean isSettled) {
    /** No file system that is in use counts time in larger steps than 2 seconds. */
    private static final Duration YOUNG = Duration.ofSeconds(3);

    private static final int MOST_BYTES = 16 << 20;
    private static final String UNREADABLE = "unreadable";

    /** Of one file, through links; one that is replaced has another key. */
    record Mark(FileTime modified, long size, @Nullable Object key, boolean isRegular) {
        private static final Mark ABSENT = new Mark(FileTime.fromMillis(0), -1, null, false);

        static Mark of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Mark(found.lastModifiedTime(), found.size(), found.fileKey(), found.isRegularFile());
            } catch (IOException absent) {
                return ABSENT;
            }
        }

        boolean isYoung(Instant now) {
            return modified.toInstant().plus(YOUNG).isAfter(now);
        }
    }

    FileState {
        marks = List.copyOf(marks);
        content = List.copyOf(content);
    }

    static FileState of(List<Path> files) {
        // before the content: what is written meanwhile has another mark, or is young
        List<Mark> marks = marksOf(files);
        Instant now = Instant.now();
        List<String> content = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            content.add(contentOf(files.get(i), marks.get(i)));
        }
        boolean isSettled = marks.stream().noneMatch(mark -> mark.isYoung(now)) && !content.contains(UNREADABLE);
        return new FileState(marks, content, isSettled);
    }

    static List<Mark> marksOf(List<Path> files) {
        return files.stream().map(Mark::of).toList();
    }

    boolean hasContentOf(FileState other) {
        return content.equals(other.content);
    }

    private static String contentOf(Path file, Mark mark) {
        // what is no file, such as a pipe, may never end
        if (!mark.isRegular() || mark.size() > MOST_BYTES) {
            return mark.toString();
        }
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(in.readNBytes(MOST_BYTES)));
        } catch (IOException unreadable) {
            return UNREADABLE;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
