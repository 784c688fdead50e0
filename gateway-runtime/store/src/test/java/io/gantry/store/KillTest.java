// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.QueuedMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store whose process is killed")
class KillTest {
    private static final int ROUNDS = Integer.getInteger("gantry.store.kills", 4);

    @TempDir
    Path directory;

    @Test
    @DisplayName("has everything it acknowledged, in order and atomically, however often it is killed while writing")
    void everythingAcknowledgedIsThere() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < ROUNDS; round++) {
            long acknowledged;
            try (StoreChild child = StoreChild.start(directory)) {
                child.awaitAcknowledged(200 + random.nextInt(3_000));
                acknowledged = child.kill();
            }

            try (RocksStore store = RocksStore.open(directory, Durability.FSYNC)) {
                long outbox = store.outboxNumber(StoreChild.OUTBOX);
                List<OutboxEntry> entries = store.outbox(outbox, 1, Integer.MAX_VALUE, Long.MAX_VALUE);
                List<QueuedMessage> queue = store.queue(1, 1, Integer.MAX_VALUE, Long.MAX_VALUE);

                long last = store.outboxEnd(outbox) - 1;
                assertThat(last).isGreaterThanOrEqualTo(acknowledged);
                long first = entries.get(0).sequence();
                assertThat(first).isLessThanOrEqualTo(last);
                assertThat(entries)
                        .isEqualTo(LongStream.rangeClosed(first, last)
                                .mapToObj(i -> Samples.entry(i, StoreChild.size(i)))
                                .toList());
                assertThat(store.outboxSize(outbox)).isEqualTo(StoreChild.sizeOf(first, last));
                assertThat(queue)
                        .extracting(QueuedMessage::sequence)
                        .hasSize((int) last)
                        .endsWith(last);
                assertThat(queue)
                        .extracting(queued -> queued.message().payload().size())
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, last)
                                .mapToObj(StoreChild::size)
                                .toList());
                assertThat(store.damagedRecords()).isZero();
            }
        }
    }
}
