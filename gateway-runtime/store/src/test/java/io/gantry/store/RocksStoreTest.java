// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static io.gantry.store.Commits.commit;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.StoredInFlight;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSubscription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The store")
class RocksStoreTest {
    @TempDir
    Path directory;

    private RocksStore store;

    @BeforeEach
    void open() throws Exception {
        store = RocksStore.open(directory, Durability.OS);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private void reopen() throws Exception {
        store.close();
        store = RocksStore.open(directory, Durability.OS);
    }

    private List<SessionState> sessions() {
        List<SessionState> found = new ArrayList<>();
        store.sessions(found::add);
        return found;
    }

    private List<Message> retained(String prefix) {
        List<Message> found = new ArrayList<>();
        store.retained(prefix, found::add);
        return found;
    }

    private List<QueuedMessage> queue(long session) {
        return store.queue(session, 0, 1_000, Long.MAX_VALUE);
    }

    private List<OutboxEntry> outbox(long outbox) {
        return store.outbox(outbox, 0, 100_000, Long.MAX_VALUE);
    }

    @Test
    @DisplayName("gives back any message with everything that belongs to it, after a restart too (seed 42)")
    void everyMessage() throws Exception {
        Samples samples = new Samples(42);
        List<OutboxEntry> entries = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            entries.add(new OutboxEntry(i, samples.message()));
        }

        long outbox = store.outboxNumber("telemetry");
        commit(store, write -> entries.forEach(entry -> write.putOutbox(outbox, entry)));

        assertThat(outbox(outbox)).isEqualTo(entries);
        reopen();
        assertThat(store.outboxNumber("telemetry")).isEqualTo(outbox);
        assertThat(outbox(outbox)).isEqualTo(entries);
        assertThat(store.damagedRecords()).isZero();
    }

    @Test
    @DisplayName("gives back sessions with owner, subscriptions, packet identifiers and will, after a restart too")
    void sessionsComeBack() throws Exception {
        Samples samples = new Samples(1);
        StoredSession one = new StoredSession(
                store.newSessionNumber(),
                new ClientId("a/ä"),
                4_294_967_295L,
                17,
                new Identity(
                        "änn", Set.of("pump", "viewer"), Map.of("cn", "p", "claim.site", "ö"), Identity.WITHOUT_END),
                new StoredSession.StoredWill(samples.message(), 30));
        StoredSession two = new StoredSession(store.newSessionNumber(), new ClientId("b"), 60, 0, null, null);
        StoredSubscription subscription =
                new StoredSubscription(new TopicFilter("x/+/#"), Qos.EXACTLY_ONCE, true, true, 268_435_455);
        StoredInFlight inFlight = new StoredInFlight(65_535, 12, true);

        commit(store, write -> write.putSession(one)
                .putSession(two)
                .putSubscription(one.number(), subscription)
                .putReceived(one.number(), 40_000)
                .putInFlight(one.number(), inFlight));
        reopen();

        assertThat(sessions())
                .containsExactly(
                        new SessionState(one, List.of(subscription), List.of(40_000), List.of(inFlight)),
                        new SessionState(two, List.of(), List.of(), List.of()));
        assertThat(store.newSessionNumber()).isGreaterThan(two.number());
    }

    @Test
    @DisplayName("forgets a session with all that belongs to it, and nothing of its neighbours")
    void sessionDeleted() {
        Message large = Samples.plain(1, 5_000);
        for (long session = 1; session <= 3; session++) {
            long number = session;
            commit(store, write -> write.putSession(
                            new StoredSession(number, new ClientId("c" + number), 1, 0, null, null))
                    .putSubscription(
                            number, new StoredSubscription(new TopicFilter("#"), Qos.AT_MOST_ONCE, false, false, 0))
                    .enqueue(number, Samples.queued(1, large)));
        }

        commit(store, write -> write.enqueue(2, Samples.queued(2, large)).deleteSession(2));

        assertThat(sessions()).extracting(state -> state.session().number()).containsExactly(1L, 3L);
        assertThat(queue(2)).isEmpty();
        assertThat(queue(1)).containsExactly(Samples.queued(1, large));
        assertThat(queue(3)).containsExactly(Samples.queued(1, large));
    }

    @Test
    @DisplayName("keeps what is deleted deleted")
    void deletions() throws Exception {
        StoredSession session = new StoredSession(1, new ClientId("c"), 1, 0, null, null);
        commit(store, write -> write.putSession(session)
                .putSubscription(1, new StoredSubscription(new TopicFilter("a"), Qos.AT_MOST_ONCE, false, false, 0))
                .putReceived(1, 5)
                .putInFlight(1, new StoredInFlight(6, 1, false)));

        commit(store, write -> write.deleteSubscription(1, new TopicFilter("a"))
                .deleteReceived(1, 5)
                .deleteInFlight(1, 6));
        reopen();

        assertThat(sessions()).containsExactly(new SessionState(session, List.of(), List.of(), List.of()));
    }

    @Test
    @DisplayName("pages through a queue in order, within the bounds given")
    void pages() {
        commit(store, write -> {
            for (int i = 300; i >= 1; i--) {
                write.enqueue(9, Samples.queued(i, Samples.plain(i, 100)));
            }
        });

        assertThat(store.queue(9, 250, 10, Long.MAX_VALUE))
                .extracting(QueuedMessage::sequence)
                .containsExactly(250L, 251L, 252L, 253L, 254L, 255L, 256L, 257L, 258L, 259L);
        assertThat(store.queue(9, 1, 1_000, 250)).hasSize(2);
        assertThat(store.queue(9, 1, 1_000, 1)).hasSize(1);
        assertThat(store.queue(8, 1, 10, 1)).isEmpty();
        assertThat(store.queueEnd(9)).isEqualTo(301);
        assertThat(store.queueEnd(8)).isEqualTo(1);
    }

    @Test
    @DisplayName("stores a large message once and keeps it until its last place is gone")
    void storedOnce() throws Exception {
        Message large = Samples.plain(1, 100_000);
        long outbox = store.outboxNumber("r");
        commit(store, write -> {
            for (int session = 1; session <= 200; session++) {
                write.enqueue(session, Samples.queued(1, large));
            }
        });
        commit(store, write -> write.putOutbox(outbox, new OutboxEntry(1, large))
                .retain(large));
        commit(store, write -> {
            for (int session = 1; session <= 200; session++) {
                write.dequeue(session, Samples.queued(1, large)).dequeue(session, Samples.queued(1, large));
            }
        });

        reopen();

        assertThat(outbox(outbox)).containsExactly(new OutboxEntry(1, large));
        commit(store, write -> write.deleteOutbox(outbox, new OutboxEntry(1, large)));
        assertThat(retained("")).containsExactly(large);
        assertThat(store.shared()).isEqualTo(1);
        commit(store, write -> write.retain(Samples.plain(1, 10)));
        assertThat(store.shared()).isZero();
        assertThat(store.damagedRecords()).isZero();
    }

    @Test
    @DisplayName("keeps the last retained message of each Topic Name")
    void retainedMessages() {
        Samples samples = new Samples(3);
        Message first = samples.message();
        Message other = Samples.plain(4, 2_000);
        commit(store, write -> write.retain(first).retain(other).retain(Samples.plain(14, 3)));

        assertThat(retained(first.topic().value())).containsExactly(first);
        assertThat(retained("plant/")).containsExactly(Samples.plain(14, 3));
        commit(store, write -> write.unretain(new TopicName("plant/line-4")));
        assertThat(retained("")).containsExactly(first);
    }

    @Test
    @DisplayName("keeps cursors and dead letters")
    void cursorsAndDeadLetters() throws Exception {
        DeadLetter letter =
                new DeadLetter(store.newDeadLetterNumber(), "erp", Samples.plain(5, 3_000), 12, "400 Bad Request", 99);
        commit(store, write -> write.putCursor("telemetry", Payload.ofText("17"))
                .putDeadLetter(letter));
        reopen();

        assertThat(store.cursor("telemetry")).contains(Payload.ofText("17"));
        assertThat(store.cursor("other")).isEmpty();
        assertThat(store.deadLetters(0, 10)).containsExactly(letter);
        assertThat(store.newDeadLetterNumber()).isEqualTo(letter.number() + 1);
        commit(store, write -> write.deleteDeadLetter(letter));
        assertThat(store.deadLetters(0, 10)).isEmpty();
        assertThat(store.shared()).isZero();
    }
}
