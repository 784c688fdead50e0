// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.api.files.FollowedFiles.Look;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files that are followed")
class FollowedFilesTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.ofEpochSecond(1_000_000_000));

    @TempDir
    private Path directory = Path.of("");

    private Path file = directory;
    private int readings;

    @BeforeEach
    void oldFile() throws IOException {
        file = Files.writeString(directory.resolve("file"), "one");
        Files.setLastModifiedTime(file, LONG_AGO);
    }

    /** What the file holds; half written when it ends with a comma. */
    private String text() throws IOException {
        readings++;
        String text = Files.readString(file);
        if (text.endsWith(",")) {
            throw new IOException("half");
        }
        return text;
    }

    private FollowedFiles<String> follow() throws IOException {
        return FollowedFiles.open(List.of(file), this::text);
    }

    private static void assertSame(FollowedFiles<String> followed) {
        assertThat(followed.look()).isInstanceOf(Look.Same.class);
    }

    private static void assertRenewed(FollowedFiles<String> followed, String current) {
        assertThat(followed.look()).isInstanceOf(Look.Renewed.class);
        assertThat(followed.current()).isEqualTo(current);
        assertSame(followed);
    }

    private static void assertFailed(FollowedFiles<String> followed, Class<? extends Exception> cause) {
        assertSame(followed);
        assertThat(followed.look()).isInstanceOfSatisfying(Look.Failed.class, failed -> assertThat(failed.cause())
                .isInstanceOf(cause));
        assertSame(followed);
        assertSame(followed);
    }

    @Test
    @DisplayName(
            "are read once, and again only when they hold something else: not when they are touched or written anew")
    void onlyWhenChanged() throws IOException {
        FollowedFiles<String> followed = follow();
        assertSame(followed);

        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusSeconds(5)));
        assertSame(followed);
        Files.writeString(file, "one");
        assertSame(followed);
        assertThat(readings).isEqualTo(1);

        Files.writeString(file, "two");
        assertRenewed(followed, "two");
        assertThat(followed.before()).isEqualTo("one");
        assertThat(readings).isEqualTo(2);
    }

    @Test
    @DisplayName("are seen to be replaced, also when the new one has the same time and size")
    void replaced() throws IOException {
        FollowedFiles<String> followed = follow();
        Path beside = Files.writeString(directory.resolve("beside"), "two");
        Files.setLastModifiedTime(beside, LONG_AGO);

        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);

        assertRenewed(followed, "two");
    }

    @Test
    @DisplayName("are seen to change twice within one tick of the clock, in place and with the same size")
    void sameTick() throws IOException {
        FileTime now = FileTime.from(Instant.now());
        Files.setLastModifiedTime(file, now);
        FollowedFiles<String> followed = follow();

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, now);
        assertRenewed(followed, "two");
        Files.writeString(file, "six");
        Files.setLastModifiedTime(file, now);
        assertRenewed(followed, "six");
    }

    @Test
    @DisplayName("are not complained of while they are being written, however long it takes")
    void beingWritten() throws IOException {
        FollowedFiles<String> followed = follow();

        for (String part : List.of("a,", "a,b,", "a,b,c,")) {
            Files.writeString(file, part);
            assertSame(followed);
            assertThat(followed.current()).isEqualTo("one");
        }
        Files.writeString(file, "a,b,c,d");
        assertRenewed(followed, "a,b,c,d");
    }

    @Test
    @DisplayName("stay in use as they were while they cannot be used, which is said once for each change")
    void wrong() throws IOException {
        FollowedFiles<String> followed = follow();

        Files.writeString(file, "a,");
        assertFailed(followed, IOException.class);
        Files.writeString(file, "b,");
        assertFailed(followed, IOException.class);

        assertThat(followed.current()).isEqualTo("one");
        Files.writeString(file, "one");
        assertRenewed(followed, "one");
    }

    @Test
    @DisplayName("that are deleted stay in use, which is said once, and are read when they are back")
    void deleted() throws IOException {
        FollowedFiles<String> followed = follow();

        Files.delete(file);
        assertFailed(followed, IOException.class);
        assertThat(followed.current()).isEqualTo("one");

        Files.writeString(file, "one");
        assertRenewed(followed, "one");
    }

    @Test
    @DisplayName("that are away between two looks have not changed")
    void awayForAMoment() throws IOException {
        FollowedFiles<String> followed = follow();

        Files.delete(file);
        assertSame(followed);
        Files.writeString(file, "one");
        assertSame(followed);

        assertThat(readings).isEqualTo(2);
    }

    @Test
    @DisplayName("are refused when what they hold first cannot be used")
    void refused() throws IOException {
        Files.writeString(file, "a,");

        assertThatThrownBy(this::follow).isInstanceOf(IOException.class).hasMessage("half");
    }

    @Test
    @DisplayName("are looked at again after a look that threw, by a thread that ends with the watch")
    void watch() throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(3);
        CountDownLatch faults = new CountDownLatch(3);
        try (FileWatch watch = FileWatch.start(
                "gantry-test-files",
                Duration.ofMillis(1),
                () -> {
                    looks.countDown();
                    throw new IllegalStateException("a fault");
                },
                fault -> faults.countDown())) {
            assertThat(watch).isNotNull();
            assertThat(looks.await(2, TimeUnit.MINUTES)).isTrue();
            assertThat(faults.await(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    @DisplayName("that everybody may read are told from those that only some may")
    void openToAll() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThat(SecretFile.isOpenToAll(file)).isFalse();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
        assertThat(SecretFile.isOpenToAll(file)).isTrue();
        assertThat(SecretFile.isOpenToAll(directory.resolve("none"))).isFalse();
    }
}
