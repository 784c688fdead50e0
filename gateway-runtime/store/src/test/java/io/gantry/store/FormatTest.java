// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static io.gantry.store.Commits.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.security.Identity;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoredInFlight;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSubscription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The store's format")
class FormatTest {
    private static final Message SMALL = new Samples(100).message();
    private static final Message LARGE = Samples.plain(2, 3_000);
    private static final StoredSession SESSION = new StoredSession(
            1, new ClientId("golden"), 3_600, 1_763_000_000_000L, null, new StoredSession.StoredWill(SMALL, 5));
    private static final StoredSubscription SUBSCRIPTION =
            new StoredSubscription(new TopicFilter("a/+/#"), Qos.EXACTLY_ONCE, true, false, 77);
    private static final StoredInFlight IN_FLIGHT = new StoredInFlight(9, 2, false);
    private static final QueuedMessage QUEUED =
            new QueuedMessage(2, LARGE, Qos.EXACTLY_ONCE, true, List.of(77, 300), new TopicFilter("$share/g/a/#"));
    private static final DeadLetter LETTER = new DeadLetter(1, "erp", SMALL, 3, "no such queue", 1_763_000_000_001L);

    @TempDir
    Path directory;

    /** Makes the files for a new format: {@code FormatTest DIRECTORY}, then zip what it made, except LOG and OPTIONS. */
    public static void main(String[] arguments) throws Exception {
        try (RocksStore store = RocksStore.open(Path.of(arguments[0]), Durability.FSYNC)) {
            long outbox = store.outboxNumber("telemetry");
            commit(store, write -> write.putSession(SESSION)
                    .putSubscription(1, SUBSCRIPTION)
                    .putReceived(1, 8)
                    .putInFlight(1, IN_FLIGHT)
                    .enqueue(1, QUEUED)
                    .putOutbox(outbox, new OutboxEntry(1, SMALL))
                    .putOutbox(outbox, new OutboxEntry(2, LARGE)));
            store.flush();
            commit(store, write -> write.retain(SMALL)
                    .retain(LARGE)
                    .putDeadLetter(LETTER)
                    .putCursor("telemetry", Payload.ofText("1"))
                    .trimOutbox(outbox, 1, new OutboxSize(1, OutboxEntry.bytesOf(SMALL))));
        }
    }

    @Test
    @DisplayName("of version 1 is read as it was written then")
    void versionOne() throws Exception {
        unpack("format-1.zip");

        try (RocksStore store = RocksStore.open(directory, Durability.OS)) {
            List<SessionState> sessions = new ArrayList<>();
            store.sessions(sessions::add);
            assertThat(sessions)
                    .containsExactly(new SessionState(SESSION, List.of(SUBSCRIPTION), List.of(8), List.of(IN_FLIGHT)));
            assertThat(store.queue(1, 1, 10, 10_000)).containsExactly(QUEUED);
            assertThat(store.outbox(store.outboxNumber("telemetry"), 1, 10, 10_000))
                    .containsExactly(new OutboxEntry(2, LARGE));
            assertThat(retained(store)).containsExactlyInAnyOrder(SMALL, LARGE);
            assertThat(store.deadLetters(1, 10)).containsExactly(LETTER);
            assertThat(store.cursor("telemetry")).contains(Payload.ofText("1"));
            assertThat(store.damagedRecords()).isZero();
        }
    }

    @Test
    @DisplayName("of version 1 without counts and an id gets them, and keeps what it said of sequences")
    void countedOnce() throws Exception {
        unpack("format-1.zip");
        String id;

        try (RocksStore store = RocksStore.open(directory, Durability.OS)) {
            long outbox = store.outboxNumber("telemetry");
            assertThat(store.outboxes()).containsExactly(Map.entry("telemetry", outbox));
            assertThat(store.outboxSize(outbox)).isEqualTo(new OutboxSize(1, OutboxEntry.bytesOf(LARGE)));
            assertThat(store.deadLettersSize()).isEqualTo(new OutboxSize(1, OutboxEntry.bytesOf(SMALL)));
            id = store.id();
            commit(store, write -> write.deleteOutbox(outbox, new OutboxEntry(2, LARGE))
                    .deleteDeadLetter(LETTER));
            assertThat(store.outboxSize(outbox)).isEqualTo(new OutboxSize(0, 0));
            assertThat(store.deadLettersSize()).isEqualTo(new OutboxSize(0, 0));
        }

        try (RocksStore store = RocksStore.open(directory, Durability.OS)) {
            assertThat(store.id()).isEqualTo(id).matches("[0-9a-zA-Z]{1,32}");
            assertThat(store.outboxEnd(store.outboxNumber("telemetry"))).isEqualTo(3);
            assertThat(store.newDeadLetterNumber()).isEqualTo(LETTER.number() + 1);
        }
    }

    @Test
    @DisplayName("of a session is read with an owner (layout 2) and without (layout 1, which nobody's still is)")
    void owners() {
        StoredSession nobodys = new StoredSession(1, new ClientId("d"), 300, 5, null, null);
        Identity ann = new Identity("ann", Set.of("viewer"), Map.of("cn", "x"), Identity.WITHOUT_END);
        StoredSession anns = new StoredSession(1, new ClientId("d"), 300, 5, ann, null);
        String without = "01" + "0164" + "ac02" + "0000000000000005" + "00";
        String with = "02" + without.substring(2) + "0103616e6e" + "0106766965776572" + "0102636e0178";

        assertThat(session(without)).isEqualTo(nobodys);
        assertThat(session(with)).isEqualTo(anns);
        assertThat(HexFormat.of().formatHex(Records.session(nobodys).toBytes())).isEqualTo(without);
        assertThat(HexFormat.of().formatHex(Records.session(anns).toBytes())).isEqualTo(with);
        assertThatThrownBy(() -> session("03" + with.substring(2)))
                .isInstanceOf(DamagedRecordException.class)
                .hasMessage("layout 3");
    }

    private static StoredSession session(String hex) {
        byte[] record = HexFormat.of().parseHex(hex);
        return Records.session(1, new ByteReader(record, 0, record.length));
    }

    private static List<Message> retained(Store store) {
        List<Message> found = new ArrayList<>();
        store.retained("", found::add);
        return found;
    }

    private void unpack(String name) throws IOException {
        try (InputStream resource = Objects.requireNonNull(FormatTest.class.getResourceAsStream("/" + name));
                ZipInputStream zip = new ZipInputStream(resource)) {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null) {
                Files.write(directory.resolve(Path.of(entry.getName()).getFileName()), zip.readAllBytes());
                entry = zip.getNextEntry();
            }
        }
    }
}
