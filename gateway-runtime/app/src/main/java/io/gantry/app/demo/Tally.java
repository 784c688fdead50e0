// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Counts every message by its device and number, on any thread. */
final class Tally {
    private final Account[] accounts;
    private final AckTimes ackTimes = new AckTimes();

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong commandsSent = new AtomicLong();
    private final AtomicLong commandsReceived = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong outOfOrder = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    Tally(int devices) {
        accounts = IntStream.range(0, devices).mapToObj(device -> new Account()).toArray(Account[]::new);
    }

    /** What is known of one device's messages, by their numbers. */
    private static final class Account {
        private final BitSet acknowledged = new BitSet();
        private final BitSet arrived = new BitSet();
        private final BitSet commands = new BitSet();
    }

    /** All counts at one moment. */
    record Counts(
            long sent,
            long acknowledged,
            long failed,
            long arrived,
            long commandsSent,
            long commandsReceived,
            Faults faults) {

        long underWay() {
            return sent - acknowledged - failed;
        }
    }

    /**
     * What must not happen.
     *
     * @param foreign records or commands that nobody sent
     */
    record Faults(long duplicates, long outOfOrder, long foreign) {

        boolean none() {
            return duplicates == 0 && outOfOrder == 0 && foreign == 0;
        }
    }

    void sent() {
        sent.incrementAndGet();
    }

    void acknowledged(int device, int number, long nanos) {
        Account account = accounts[device];
        synchronized (account) {
            account.acknowledged.set(number);
        }
        ackTimes.add(nanos);
        acknowledged.incrementAndGet();
    }

    void failed(String reason) {
        firstFailure.compareAndSet(null, reason);
        failed.incrementAndGet();
    }

    void arrived(int device, int number) {
        if (isForeign(device, number)) {
            return;
        }
        Account account = accounts[device];
        synchronized (account) {
            note(account.arrived, number, arrived);
        }
    }

    void commandSent() {
        commandsSent.incrementAndGet();
    }

    void commandReceived(int device, int number) {
        if (isForeign(device, number)) {
            return;
        }
        Account account = accounts[device];
        synchronized (account) {
            note(account.commands, number, commandsReceived);
        }
    }

    private boolean isForeign(int device, int number) {
        if (device >= 0 && device < accounts.length && number >= 0) {
            return false;
        }
        foreign.incrementAndGet();
        return true;
    }

    private void note(BitSet seen, int number, AtomicLong count) {
        if (seen.get(number)) {
            duplicates.incrementAndGet();
            return;
        }
        if (seen.length() > number) {
            outOfOrder.incrementAndGet();
        }
        seen.set(number);
        count.incrementAndGet();
    }

    Counts counts() {
        return new Counts(
                sent.get(),
                acknowledged.get(),
                failed.get(),
                arrived.get(),
                commandsSent.get(),
                commandsReceived.get(),
                new Faults(duplicates.get(), outOfOrder.get(), foreign.get()));
    }

    /** Acknowledged to the device, but not in Kafka; while messages are under way that is no loss yet. */
    long lost() {
        long lost = 0;
        for (Account account : accounts) {
            synchronized (account) {
                BitSet missing = (BitSet) account.acknowledged.clone();
                missing.andNot(account.arrived);
                lost += missing.cardinality();
            }
        }
        return lost;
    }

    /** Has everything arrived that was sent? */
    boolean complete() {
        Counts now = counts();
        return now.underWay() <= 0
                && now.arrived() >= now.acknowledged()
                && now.commandsReceived() >= now.commandsSent();
    }

    /** Has everything arrived, once, in order? */
    boolean spotless() {
        Counts now = counts();
        return now.acknowledged() == now.sent()
                && now.arrived() == now.sent()
                && now.commandsReceived() == now.commandsSent()
                && now.faults().none()
                && lost() == 0;
    }

    /** The demo's last line; its form is fixed. */
    String lastLine() {
        Counts now = counts();
        return "sent=" + now.sent() + " acknowledged=" + now.acknowledged() + " in_kafka=" + now.arrived() + " lost="
                + lost() + " duplicates=" + now.faults().duplicates() + " commands_sent=" + now.commandsSent()
                + " commands_received=" + now.commandsReceived();
    }

    /** The same of one target among several. */
    String lastLine(String target) {
        return "target=" + target + " " + lastLine().replace("in_kafka=", "arrived=");
    }

    Optional<String> firstFailure() {
        return Optional.ofNullable(firstFailure.get());
    }

    AckTimes ackTimes() {
        return ackTimes;
    }
}
