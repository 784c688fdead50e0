// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.Delivery;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.StoreWrite;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;

/** A process of its own that writes to a store for ever and prints what has been acknowledged. */
final class StoreChild implements AutoCloseable {
    static final String OUTBOX = "r";

    private final Process process;
    private final BufferedReader output;

    private StoreChild(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    static StoreChild start(Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StoreChild.class.getName(),
                directory.toString());
        // RocksDB unpacks its library, and a process that is killed does not delete it: here there is never more than
        // one.
        Path library = Files.createDirectories(Path.of("target", "child-library"));
        builder.environment().put("ROCKSDB_SHAREDLIB_DIR", library.toString());
        return new StoreChild(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    long pid() {
        return process.pid();
    }

    /** Waits for that many acknowledgements. */
    void awaitAcknowledged(int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            if (output.readLine() == null) {
                throw new IOException("the child has ended");
            }
        }
    }

    /** SIGKILL; the last sequence that was acknowledged, or 0. */
    long kill() throws IOException, InterruptedException {
        // not Process.destroyForcibly, which closes the stream with what is still to be read
        process.toHandle().destroyForcibly();
        process.waitFor();
        long last = 0;
        String line = output.readLine();
        while (line != null) {
            if (line.endsWith(".")) {
                last = Long.parseLong(line.substring(0, line.length() - 1));
            }
            line = output.readLine();
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }

    /** Each fifth message is large enough to be stored apart from its places. */
    static int size(long sequence) {
        return sequence % 5 == 0 ? 2_000 : 100;
    }

    /** What entries count for. */
    static OutboxSize sizeOf(long first, long last) {
        return new OutboxSize(
                last - first + 1,
                LongStream.rangeClosed(first, last)
                        .map(sequence -> Samples.entry(sequence, size(sequence)).bytes())
                        .sum());
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        Semaphore underWay = new Semaphore(256);
        RocksStore store = RocksStore.open(Path.of(arguments[0]), Durability.FSYNC);
        long outbox = store.outboxNumber(OUTBOX);
        for (long next = store.outboxEnd(outbox); ; next++) {
            long sequence = next;
            underWay.acquire();
            StoreWrite write = store.newWrite().putOutbox(outbox, Samples.entry(sequence, size(sequence)));
            write.enqueue(1, Samples.queued(sequence, Samples.plain(sequence, size(sequence))));
            if (sequence % 50 == 0) {
                write.trimOutbox(outbox, sequence - 20, sizeOf(Math.max(1, sequence - 69), sequence - 20));
            }
            store.commit(write, outcome -> {
                if (outcome instanceof Delivery.Accepted) {
                    out.println(sequence + ".");
                }
                underWay.release();
            });
        }
    }
}
