// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageId;
import io.gantry.api.store.OutboxEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Taking out of the store")
class ClearingTest {
    private final Messages messages = new Messages(new MessageId.Sequence(1, 1), () -> 0);
    private final MemoryStore store = new MemoryStore();
    private long sequences;

    @Test
    @DisplayName("forgets what left behind one that is held up, however long that is")
    void forgets() {
        Clearing clearing = new Clearing(store, 1, true);
        Entry heldUp = taken(clearing);
        for (int i = 0; i < 10_000; i++) {
            settle(clearing, taken(clearing));
            flush(clearing, Delivery.accepted());
            assertThat(clearing.open()).isLessThan(5);
        }
        assertThat(store.outboxSize(1).messages()).isEqualTo(1);

        settle(clearing, heldUp);
        flush(clearing, Delivery.accepted());

        assertThat(store.outboxSize(1).messages()).isZero();
        assertThat(clearing.isDone()).isTrue();
        assertThat(clearing.open()).isZero();
    }

    @Test
    @DisplayName("of a pipeline waits for the one before, but not when too many wait for it")
    void waits() {
        Clearing clearing = new Clearing(store, 1, false);
        taken(clearing);
        for (int i = 0; i < 9_999; i++) {
            settle(clearing, taken(clearing));
        }
        clearing.flush(outcome -> {});
        assertThat(store.waiting()).isZero();

        settle(clearing, taken(clearing));
        flush(clearing, Delivery.accepted());

        assertThat(store.outboxSize(1).messages()).isEqualTo(1);
    }

    @Test
    @DisplayName("says when too much is settled and still there, and no longer when it is out")
    void behind() {
        Clearing clearing = new Clearing(store, 1, false);
        while (!clearing.isBehind()) {
            settle(clearing, taken(clearing));
        }
        assertThat(sequences).isEqualTo(100_000);

        flush(clearing, ScriptedTarget.AWAY);
        assertThat(clearing.isBehind()).isTrue();

        flush(clearing, Delivery.accepted());
        assertThat(clearing.isBehind()).isFalse();
        assertThat(store.outboxSize(1).messages()).isZero();
    }

    @Test
    @DisplayName("has one write under way at a time, which does the more the longer it takes")
    void oneWrite() {
        Clearing clearing = new Clearing(store, 1, true);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add(taken(clearing));
        }
        settle(clearing, entries.get(0));
        clearing.flush(clearing::written);
        for (Entry entry : entries.subList(1, 10)) {
            settle(clearing, entry);
            clearing.flush(clearing::written);
        }
        assertThat(store.waiting()).isEqualTo(1);
        store.writeOne();
        clearing.flush(clearing::written);
        assertThat(store.waiting()).isEqualTo(1);
        store.writeOne();

        assertThat(store.outboxSize(1).messages()).isZero();
        assertThat(clearing.isDone()).isTrue();
    }

    private Entry taken(Clearing clearing) {
        Entry entry = new Entry(messages.named("a"), ++sequences, 0, null);
        store.put(1, new OutboxEntry(sequences, entry.message()));
        clearing.taken(entry);
        return entry;
    }

    private static void settle(Clearing clearing, Entry entry) {
        entry.tried();
        entry.settle();
        clearing.settled(entry);
    }

    private void flush(Clearing clearing, Delivery outcome) {
        store.refuses(!(outcome instanceof Delivery.Accepted));
        clearing.flush(clearing::written);
        store.writeOne();
    }
}
