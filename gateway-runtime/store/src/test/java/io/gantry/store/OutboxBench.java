// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures an outbox whose target is away and comes back: {@code OutboxBench DIRECTORY [MESSAGES [PAGE]]}. Messages of 128
 * bytes from 1,000 devices are put, the store is opened again, and the outbox is drained page by page, with one trim a
 * page, while 20,000/s more come in.
 */
final class OutboxBench {
    private static final int PAYLOAD = 128;
    private static final int DEVICES = 1_000;
    private static final int UNDER_WAY = 4_096;
    private static final int MEANWHILE_PER_SECOND = 20_000;

    private final Path directory;
    private final PrintStream out;
    private final Message[] samples = new Message[DEVICES];
    private RocksStore store;
    private long outbox;
    private long sequence;

    /** Something to measure; says how many messages it was. */
    private interface Work {
        long run() throws Exception;
    }

    private OutboxBench(Path directory, PrintStream out) throws StoreRefusedException {
        this.directory = directory;
        this.out = out;
        for (int i = 0; i < DEVICES; i++) {
            samples[i] = sample(i);
        }
        this.store = RocksStore.open(directory, Durability.FSYNC);
        this.outbox = store.outboxNumber("bench");
    }

    private static Message sample(int device) {
        byte[] payload = new byte[PAYLOAD];
        new Random(device).nextBytes(payload);
        return new Message(
                new MessageId(7_000_000_000_000L, device),
                new TopicName("plants/berlin/line-4/sensors/" + device + "/telemetry"),
                Payload.owning(payload),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Device(new ClientId("device-" + device), "plant-berlin"),
                1_763_000_000_000L);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        long messages = arguments.length > 1 ? Long.parseLong(arguments[1]) : 10_000_000;
        int page = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000;
        OutboxBench bench = new OutboxBench(Path.of(arguments[0]), out);
        bench.measure("put", () -> bench.put(messages));
        bench.store.close();
        long begun = System.nanoTime();
        bench.store = RocksStore.open(bench.directory, Durability.FSYNC);
        out.printf(
                "open again: %.0f ms, %s%n", (System.nanoTime() - begun) / 1e6, bench.store.outboxSize(bench.outbox));
        bench.measure("read a tenth, no trim", () -> bench.read(messages / 10, page));
        bench.measure("drain under 20,000/s", () -> bench.drainUnderLoad(page));
        bench.awaitSpace();
        bench.store.close();
    }

    private void measure(String what, Work work) throws Exception {
        long cpu = processCpuNanos();
        long mine = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long begun = System.nanoTime();
        long messages = work.run();
        double wall = System.nanoTime() - begun;
        out.printf(
                "%s: %d messages, %.0f/s, CPU %.2f µs each (%.2f on the measuring thread), disk %d MiB, RSS %d MiB,"
                        + " heap %d MiB%n",
                what,
                messages,
                messages * 1e9 / wall,
                (processCpuNanos() - cpu) / 1e3 / messages,
                (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - mine) / 1e3 / messages,
                diskBytes() >> 20,
                residentBytes() >> 20,
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
    }

    private long put(long messages) throws InterruptedException {
        Semaphore underWay = new Semaphore(UNDER_WAY);
        for (long i = 0; i < messages; i++) {
            underWay.acquire();
            put(underWay::release);
        }
        underWay.acquire(UNDER_WAY);
        return messages;
    }

    private void put(Runnable done) {
        OutboxEntry entry = new OutboxEntry(++sequence, samples[(int) (sequence % DEVICES)]);
        store.commit(store.newWrite().putOutbox(outbox, entry), outcome -> done.run());
    }

    private long read(long messages, int page) {
        long next = 1;
        while (next <= messages) {
            List<OutboxEntry> entries = store.outbox(outbox, next, page, Long.MAX_VALUE);
            next = entries.get(entries.size() - 1).sequence() + 1;
        }
        return next - 1;
    }

    private long drainUnderLoad(int page) throws InterruptedException {
        Thread devices = new Thread(this::putPaced, "devices");
        devices.start();
        long drained = drain(page);
        devices.interrupt();
        devices.join();
        return drained;
    }

    private void putPaced() {
        long begun = System.nanoTime();
        for (long i = 0; !Thread.currentThread().isInterrupted(); i++) {
            if (i % 100 == 0) {
                LockSupport.parkNanos(begun + i * 1_000_000_000 / MEANWHILE_PER_SECOND - System.nanoTime());
            }
            put(() -> {});
        }
    }

    private long drain(int page) throws InterruptedException {
        Semaphore trims = new Semaphore(4);
        long next = 1;
        List<OutboxEntry> entries = store.outbox(outbox, next, page, Long.MAX_VALUE);
        while (entries.size() == page) {
            next = entries.get(entries.size() - 1).sequence() + 1;
            long bytes = 0;
            for (OutboxEntry entry : entries) {
                bytes += entry.bytes();
            }
            trims.acquire();
            OutboxSize removed = new OutboxSize(entries.size(), bytes);
            store.commit(store.newWrite().trimOutbox(outbox, next - 1, removed), outcome -> trims.release());
            entries = store.outbox(outbox, next, page, Long.MAX_VALUE);
        }
        return next - 1;
    }

    private void awaitSpace() throws IOException {
        long begun = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            out.printf(
                    "%.0f s after the drain: disk %d MiB, %s%n",
                    (System.nanoTime() - begun) / 1e9, diskBytes() >> 20, store.outboxSize(outbox));
            LockSupport.parkNanos(3_000_000_000L);
        }
    }

    private long diskBytes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                .sum();
    }

    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
