// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.ClientId;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSubscription;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures the store: {@code StoreBench DIRECTORY fsync|os [RECORDS]}. */
final class StoreBench {
    private static final int PAYLOAD = 200;
    private static final int GROUP = 512;
    private static final int SESSIONS = 100_000;

    private final RocksStore store;
    private final PrintStream out;
    private final long outbox;
    private long sequence;

    /** Something to measure. */
    private interface Work {
        void run() throws Exception;
    }

    private StoreBench(RocksStore store, PrintStream out) {
        this.store = store;
        this.out = out;
        this.outbox = store.outboxNumber("bench");
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int records = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
        try (RocksStore store = RocksStore.open(Path.of(arguments[0]), Durability.fromText(arguments[1]))) {
            StoreBench bench = new StoreBench(store, out);
            bench.write(records / 5, GROUP, 1);
            bench.measure("writes of 512 records, one at a time", records, () -> bench.write(records, GROUP, 1));
            bench.measure("writes of 1 record, 4096 under way", records, () -> bench.write(records, 1, 4_096));
            store.flush();
            bench.measure("read back", records, () -> bench.read(records));
            bench.measure("trim of everything (one range)", 1, () -> bench.trim(bench.sequence));
            bench.fillForStart();
        }
        start(Path.of(arguments[0]), out);
    }

    private void measure(String what, long records, Work work) throws Exception {
        long cpu = processCpuNanos();
        long start = System.nanoTime();
        work.run();
        long wall = System.nanoTime() - start;
        long used = processCpuNanos() - cpu;
        out.printf(
                "%-40s %8.2f µs CPU each, %10.0f/s, %7.0f ms%n",
                what, used / 1e3 / records, records * 1e9 / wall, wall / 1e6);
    }

    private void fillForStart() throws InterruptedException {
        Semaphore done = new Semaphore(0);
        for (int i = 1; i <= SESSIONS; i++) {
            long number = store.newSessionNumber();
            ClientId clientId = new ClientId("device-" + i);
            store.commit(
                    store.newWrite()
                            .putSession(new StoredSession(number, clientId, 3_600, 1, null, null))
                            .putSubscription(number, subscription("devices/" + i + "/commands"))
                            .putSubscription(number, subscription("news/#"))
                            .retain(Samples.retained("state/" + i, i)),
                    outcome -> done.release());
            if (i % GROUP == 0) {
                done.acquire(GROUP);
            }
        }
        done.acquire(SESSIONS % GROUP);
    }

    private static StoredSubscription subscription(String filter) {
        return new StoredSubscription(new TopicFilter(filter), Qos.AT_LEAST_ONCE, false, false, 0);
    }

    private static void start(Path directory, PrintStream out) throws Exception {
        long start = System.nanoTime();
        AtomicInteger found = new AtomicInteger();
        try (RocksStore store = RocksStore.open(directory, Durability.FSYNC)) {
            store.sessions(session -> found.incrementAndGet());
            store.retained("", message -> found.incrementAndGet());
            out.printf(
                    "start: %d sessions and retained messages read in %.0f ms%n",
                    found.get(), (System.nanoTime() - start) / 1e6);
        }
    }

    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private void write(int records, int each, int most) throws InterruptedException {
        Semaphore underWay = new Semaphore(most);
        OutboxEntry sample = Samples.entry(1, PAYLOAD);
        for (int done = 0; done < records; done += each) {
            underWay.acquire();
            StoreWrite write = store.newWrite();
            for (int i = 0; i < each; i++) {
                write.putOutbox(outbox, new OutboxEntry(++sequence, sample.message()));
            }
            store.commit(write, outcome -> underWay.release());
        }
        underWay.acquire(most);
    }

    private void read(int records) {
        long next = 1;
        while (next <= records) {
            List<OutboxEntry> page = store.outbox(outbox, next, 1_000, Long.MAX_VALUE);
            next = page.get(page.size() - 1).sequence() + 1;
        }
    }

    private void trim(long through) throws InterruptedException {
        Semaphore done = new Semaphore(0);
        store.commit(store.newWrite().trimOutbox(outbox, through, store.outboxSize(outbox)), outcome -> done.release());
        done.acquire();
    }
}
