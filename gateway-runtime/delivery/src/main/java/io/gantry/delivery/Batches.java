// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.Transactions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane for everything, to a target that takes a batch all or none and remembers how far it has come: what it has
 * already is not sent again. The worker waits while a transaction is committed, so it is this outbox's alone.
 */
final class Batches implements Sending {
    private static final int MOST_MESSAGES = 5_000;
    private static final long MOST_BYTES = 4L << 20;

    private final Sink target;
    private final Transactions transactions;
    private final String journal;
    private final Settlement settlement;
    private final Breaker breaker;
    private final Worker worker;
    private final LongSupplier nanos;
    private final ArrayDeque<Entry> again = new ArrayDeque<>();
    private final List<Entry> batch = new ArrayList<>();
    private final List<Attempt> answers = new ArrayList<>();
    private boolean recovered;
    private boolean open;
    private boolean stopped;
    private long position;

    /**
     * Nothing sent yet.
     *
     * @param journal names the outbox's sequence, so that no other's position is taken for its own
     */
    Batches(
            Sink target,
            Transactions transactions,
            String journal,
            Settlement settlement,
            Breaker breaker,
            Worker worker,
            LongSupplier nanos) {
        this.target = target;
        this.transactions = transactions;
        this.journal = journal;
        this.settlement = settlement;
        this.breaker = breaker;
        this.worker = worker;
        this.nanos = nanos;
    }

    @Override
    public void send() {
        long now = nanos.getAsLong();
        if (open || stopped || settlement.isHeldUp() || !settlement.hasKeptAll() || breaker.allowed(now) == 0) {
            return;
        }
        if (!recovered && !recover()) {
            return;
        }
        collect();
        if (batch.isEmpty()) {
            return;
        }
        Delivery begun = transactions.begin();
        if (begun instanceof Delivery.Unavailable notNow) {
            failed(notNow);
            return;
        }
        open = true;
        for (Entry entry : List.copyOf(batch)) {
            entry.tried();
            target.offer(entry.message(), new Attempt(entry, worker, now));
        }
    }

    private boolean recover() {
        Transactions.Recovered found = transactions.recover(journal);
        if (found.outcome() instanceof Delivery.Unavailable notNow) {
            failed(notNow);
            return false;
        }
        recovered = true;
        position = Math.max(position, found.position().orElse(0));
        return true;
    }

    private void collect() {
        long bytes = 0;
        while (batch.size() < MOST_MESSAGES && bytes < MOST_BYTES) {
            Entry entry = again.isEmpty() ? settlement.next() : again.poll();
            if (entry == null) {
                return;
            }
            if (entry.isStored() && entry.sequence() <= position) {
                settlement.delivered(entry);
            } else if (settlement.isDue(entry)) {
                batch.add(entry);
                bytes += entry.bytes();
            }
        }
    }

    @Override
    public void answered(Attempt attempt) {
        answers.add(attempt);
        if (answers.size() == batch.size()) {
            finish();
        }
    }

    private void finish() {
        open = false;
        List<Attempt> all = List.copyOf(answers);
        answers.clear();
        batch.clear();
        if (all.stream().allMatch(attempt -> attempt.outcome() instanceof Delivery.Accepted)) {
            commit(all);
            return;
        }
        Delivery.Unavailable trouble = troubleOf(all);
        transactions.abort();
        recovered = false;
        for (Attempt attempt : all) {
            if (attempt.outcome() instanceof Delivery.Rejected never) {
                settlement.rejected(attempt.entry(), never);
            } else if (trouble == null || settlement.triesAgain(attempt.entry(), trouble)) {
                // what another message spoilt is sent again at once, and has cost it nothing
                batch.add(attempt.entry());
            }
        }
        if (trouble == null) {
            putBack();
        } else {
            failed(trouble);
        }
    }

    /** What is wrong with the target, as the batch's messages know it; null when nothing is. */
    private static Delivery.@Nullable Unavailable troubleOf(List<Attempt> all) {
        Delivery.Unavailable worst = null;
        for (Attempt attempt : all) {
            if (attempt.outcome() instanceof Delivery.Unavailable notNow
                    && (worst == null || notNow.retry().parked())) {
                worst = notNow;
            }
        }
        return worst;
    }

    private void commit(List<Attempt> all) {
        long through = position;
        for (Attempt attempt : all) {
            through = Math.max(through, attempt.entry().sequence());
        }
        Delivery committed = transactions.commit(through);
        if (committed instanceof Delivery.Unavailable notNow) {
            recovered = false;
            // perhaps the target has them all: nothing is given up before that is known
            all.forEach(attempt -> batch.add(attempt.entry()));
            failed(notNow);
            return;
        }
        position = through;
        breaker.succeeded();
        all.forEach(attempt -> settlement.delivered(attempt.entry()));
    }

    private void putBack() {
        batch.sort(Comparator.comparingLong(Entry::turn));
        for (int i = batch.size() - 1; i >= 0; i--) {
            again.addFirst(batch.get(i));
        }
        batch.clear();
    }

    private void failed(Delivery.Unavailable notNow) {
        putBack();
        settlement.failed(notNow.reason());
        if (notNow.code() == ReasonCode.SESSION_TAKEN_OVER) {
            stopped = true;
            return;
        }
        breaker.failed(notNow.retry(), nanos.getAsLong());
    }

    @Override
    public long idleNanos(long nowNanos) {
        long wait = breaker.waitNanos(nowNanos);
        return wait == 0 || stopped ? NEVER : wait;
    }

    @Override
    public int atTarget() {
        return open ? batch.size() : 0;
    }

    @Override
    public Ledger.State state() {
        return stopped ? Ledger.State.STOPPED : breaker.state();
    }
}
