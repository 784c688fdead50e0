// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gantry.api.settings.ByteSize;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The record of changes")
class AuditTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T01:02:03Z"), ZoneOffset.UTC);
    private static final Caller ALICE = new Caller("alice", "operator", "10.0.0.9");
    private static final String WHAT = "/api/v1/dead-letters/drop";
    private static final Answer DONE = Answer.ok(new JsonObject().put("done", 3));

    @TempDir
    private Path directory;

    private Path file;
    private long now;

    @BeforeEach
    void name() {
        file = directory.resolve("made").resolve("audit.jsonl");
    }

    @Test
    @DisplayName("[G21] has one line of JSON for a change, readable by the owner only")
    void line() throws Exception {
        try (Audit audit = open()) {
            assertThat(audit.change(ALICE, WHAT, "{\"all\":true}", () -> DONE)).isEqualTo(DONE);
        }

        assertThat(Files.readString(file))
                .isEqualTo(
                        "{\"at\":\"2026-11-22T01:02:03Z\",\"who\":\"alice\",\"role\":\"operator\",\"from\":\"10.0.0.9\","
                                + "\"what\":\"/api/v1/dead-letters/drop\",\"asked\":\"{\\\"all\\\":true}\","
                                + "\"result\":\"done\",\"status\":200,\"answer\":\"{\\\"done\\\":3}\"}\n");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    @DisplayName("is on the disk, but for the result, before the change begins")
    void before() throws Exception {
        try (Audit audit = open()) {
            audit.change(ALICE, WHAT, "", () -> {
                assertThat(text()).contains("\"who\":\"alice\"").doesNotContain("result", "\n");
                return DONE;
            });
        }
    }

    @Test
    @DisplayName("says what became of it: refused for the caller's fault, failed for ours")
    void results() throws Exception {
        try (Audit audit = open()) {
            audit.change(ALICE, WHAT, "", () -> Answer.error(400, "id: expected a text"));
            audit.change(ALICE, WHAT, "", () -> Answer.error(500, "this failed"));
        }

        assertThat(lines()).extracting(line -> line.getString("result")).containsExactly("refused", "failed");
    }

    @Test
    @DisplayName("[G14] is one line of plain ASCII, whatever was asked for, and bounded")
    void escaped() throws Exception {
        String asked = "a\r\n{\"who\":\"root\"}\u001b[2J\u202e\u0085\u2028é\ud83d\ude00" + "x".repeat(5_000);
        try (Audit audit = open()) {
            audit.change(ALICE, "/\u009b31m", asked, () -> DONE);
        }

        String text = Files.readString(file);
        assertThat(text).matches("[ -~]{10,4000}\n");
        assertThat(new JsonObject(text).getString("asked"))
                .startsWith(asked.substring(0, 900))
                .endsWith("…");
    }

    @Test
    @DisplayName("[G21] a change whose line cannot be written is not made")
    void unwritable() throws Exception {
        Path full = Path.of("/dev/full");
        assumeThat(full).as("a device that is full").exists();
        AtomicInteger made = new AtomicInteger();
        try (Audit audit = open(full)) {
            Answer answer = audit.change(ALICE, WHAT, "", () -> {
                made.incrementAndGet();
                return DONE;
            });

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("nothing was changed");
        }
        assertThat(made).hasValue(0);
    }

    @Test
    @DisplayName("goes on where it was, and ends a line during which the gateway ended")
    void goesOn() throws Exception {
        Files.createDirectories(directory.resolve("made"));
        Files.writeString(file, "{\"who\":\"bob\"}\n{\"who\":\"carol\",\"what\":\"x\"");

        try (Audit audit = open()) {
            audit.change(ALICE, WHAT, "", () -> DONE);
        }

        assertThat(lines()).extracting(line -> line.getString("who")).containsExactly("bob", "carol", "alice");
        assertThat(lines().get(1).getString("result")).isEqualTo("unknown");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    @DisplayName("leaves half a line as it is, and begins another one")
    void torn() throws Exception {
        Files.createDirectories(directory.resolve("made"));
        Files.writeString(file, "{\"who\":\"ca");

        try (Audit audit = open()) {
            audit.change(ALICE, WHAT, "", () -> DONE);
        }

        assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("{\"who\":\"ca");
    }

    @Test
    @DisplayName("begins another file when one is full, and keeps so many older ones")
    void rotates() throws Exception {
        String asked = "y".repeat(900);
        try (Audit audit = open()) {
            for (int i = 0; i < 250; i++) {
                audit.change(new Caller("n" + i, "operator", "::1"), WHAT, asked, () -> DONE);
            }
        }

        try (var files = Files.list(directory.resolve("made"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2");
        }
        for (Path each : List.of(file, Path.of(file + ".1"), Path.of(file + ".2"))) {
            assertThat(Files.size(each)).isBetween(1L, 65_536L);
            assertThat(Files.getPosixFilePermissions(each)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(lines().get(lines().size() - 1).getString("who")).isEqualTo("n249");
    }

    @Test
    @DisplayName("is written to a new file when somebody has taken the file away")
    void takenAway() throws Exception {
        try (Audit audit = open()) {
            audit.change(ALICE, WHAT, "", () -> DONE);
            Files.move(file, directory.resolve("elsewhere"));

            audit.change(ALICE, WHAT, "", () -> DONE);
        }

        assertThat(lines()).hasSize(1);
    }

    @Test
    @DisplayName("has at most 60 lines a minute for what was refused, and says how many it has not")
    void refused() throws Exception {
        try (Audit audit = open()) {
            for (int i = 0; i < 1_000; i++) {
                audit.refused(Caller.unknown("10.0.0.66"), WHAT, Answer.error(401, "expected a token"));
            }
            assertThat(lines()).hasSize(60);
            audit.change(ALICE, WHAT, "", () -> DONE);
            now += 60_000_000_000L;
            audit.refused(Caller.unknown("10.0.0.66"), WHAT, Answer.error(401, "expected a token"));
        }

        assertThat(lines()).hasSize(62);
        assertThat(lines().get(60).getLong("refusedWithoutLine")).isEqualTo(940);
        assertThat(lines().get(61).getString("who")).isEqualTo("unknown");
        assertThat(lines().get(61).containsKey("refusedWithoutLine")).isFalse();
    }

    @Test
    @DisplayName("is not begun where it cannot be, and says which key to change")
    void refusedAtStart() throws Exception {
        Path notADirectory = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> open(notADirectory.resolve("audit.jsonl")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("admin.audit.file: cannot write " + notADirectory)
                .hasMessageContaining("admin: {audit: {file: PATH}}");
        try (Audit ignored = open()) {
            assertThatThrownBy(this::open).hasMessageContaining("is written by another gateway");
        }
    }

    private Audit open() throws IOException {
        return open(file);
    }

    private Audit open(Path path) throws IOException {
        return Audit.open(new AuditSettings(null, ByteSize.fromText("64KiB"), 2), path, CLOCK, () -> now);
    }

    private String text() {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<JsonObject> lines() throws IOException {
        return Files.readAllLines(file).stream().map(JsonObject::new).toList();
    }
}
