// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The marks that an earlier start has left. What has none yet is counted, once, by reading it. */
final class FoundMarks {
    private static final int PAGE = 1_000;
    private static final long PAGE_BYTES = 8L << 20;

    private final Reading reading;
    private final Map<Long, OutboxMark> counted = new HashMap<>();
    private final Map<Long, OutboxMark> uncounted = new HashMap<>();

    private FoundMarks(Reading reading) {
        this.reading = reading;
    }

    static OutboxMarks in(Reading reading) {
        FoundMarks found = new FoundMarks(reading);
        found.read(Keys.MARK, Records::mark, found.counted::put);
        found.read(Keys.HIGHEST, Records::number, (outbox, highest) -> found.merge(outbox, 0, highest));
        found.read(Keys.TRIMMED, Records::number, (outbox, through) -> found.merge(outbox, through, through));
        found.count();
        OutboxMarks marks = new OutboxMarks();
        found.counted.forEach(marks::found);
        return marks;
    }

    private <T> void read(char kind, java.util.function.Function<ByteReader, T> decoder, BiConsumer<Long, T> visitor) {
        byte[] prefix = {(byte) kind};
        reading.all(
                Family.META,
                prefix,
                Keys.after(prefix),
                (key, from) -> Map.entry(new ByteReader(key, 1, key.length).i64(), decoder.apply(from)),
                entry -> {
                    visitor.accept(entry.getKey(), entry.getValue());
                    return true;
                });
    }

    private void merge(long outbox, long through, long highest) {
        OutboxMark known = uncounted.getOrDefault(outbox, OutboxMark.NONE);
        uncounted.put(
                outbox, new OutboxMark(Math.max(known.through(), through), Math.max(known.highest(), highest), 0, 0));
    }

    private void count() {
        Optional<Long> outbox = firstOutboxFrom(1);
        while (outbox.isPresent()) {
            uncounted.putIfAbsent(outbox.get(), OutboxMark.NONE);
            outbox = firstOutboxFrom(outbox.get() + 1);
        }
        uncounted.keySet().removeAll(counted.keySet());
        uncounted.forEach((number, mark) -> counted.put(number, counted(number, mark)));
        if (!counted.containsKey(OutboxMarks.DEAD_LETTERS)) {
            counted.put(OutboxMarks.DEAD_LETTERS, deadLetters());
        }
    }

    private Optional<Long> firstOutboxFrom(long outbox) {
        return reading.first(Family.OUTBOXES, Keys.number(outbox)).map(Keys::owner);
    }

    private OutboxMark counted(long outbox, OutboxMark mark) {
        OutboxMark sum = mark;
        List<OutboxEntry> page = reading.outbox(outbox, mark.through() + 1, PAGE, PAGE_BYTES);
        while (!page.isEmpty()) {
            for (OutboxEntry entry : page) {
                sum = sum.with(entry.sequence(), entry.bytes());
            }
            page = reading.outbox(outbox, page.get(page.size() - 1).sequence() + 1, PAGE, PAGE_BYTES);
        }
        return sum;
    }

    private OutboxMark deadLetters() {
        OutboxMark sum = OutboxMark.NONE;
        List<DeadLetter> page = reading.deadLetters(0, PAGE);
        while (!page.isEmpty()) {
            for (DeadLetter letter : page) {
                sum = sum.with(letter.number(), OutboxEntry.bytesOf(letter.message()));
            }
            page = reading.deadLetters(page.get(page.size() - 1).number() + 1, PAGE);
        }
        return sum;
    }
}
