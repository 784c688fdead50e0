// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Behind Paho, which writes a packet in pieces and flushes after each packet: lets whole packets through, and between them
 * those that are sent beside Paho. They are written by a thread of their own, which begins with the first, so that nobody
 * who sends waits for a broker that does not read. Any thread.
 */
final class PacketGate extends OutputStream {
    /** More than there can be for all Packet Identifiers; only a broker that asks and does not read gets there. */
    private static final int MOST_WAITING = 100_000;

    private static final int BATCH = 1 << 16;

    private final OutputStream out;
    private final Consumer<IOException> failed;
    private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private @Nullable Thread writer;
    private boolean closed;

    /**
     * Before one connection.
     *
     * @param failed is told that nothing can be written any more
     */
    PacketGate(OutputStream out, Consumer<IOException> failed) {
        this.out = out;
        this.failed = failed;
    }

    /** Sends a whole packet soon, behind those sent before; false when it cannot. */
    synchronized boolean send(byte[] packet) {
        if (closed) {
            return false;
        }
        if (writer == null) {
            writer = new Thread(this::writeOn, "mqtt-writer");
            writer.setDaemon(true);
            writer.start();
        }
        return waiting.offer(packet);
    }

    private void writeOn() {
        try {
            while (true) {
                ByteArrayOutputStream batch = new ByteArrayOutputStream();
                batch.writeBytes(waiting.take());
                byte[] next = waiting.poll();
                while (next != null) {
                    batch.writeBytes(next);
                    next = batch.size() < BATCH ? waiting.poll() : null;
                }
                writeWhole(batch);
            }
        } catch (InterruptedException over) {
            waiting.clear();
        } catch (IOException lost) {
            failed.accept(lost);
        }
    }

    private void writeWhole(ByteArrayOutputStream packets) throws IOException {
        synchronized (out) {
            packets.writeTo(out);
            out.flush();
        }
    }

    @Override
    public void write(int octet) {
        pieces.write(octet);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        pieces.write(bytes, from, length);
    }

    /** Paho's sign that a packet is whole. */
    @Override
    public void flush() throws IOException {
        if (pieces.size() > 0) {
            ByteArrayOutputStream packet = pieces;
            pieces = new ByteArrayOutputStream();
            writeWhole(packet);
        }
    }

    /** The connection is over. */
    @Override
    public synchronized void close() {
        closed = true;
        if (writer != null) {
            writer.interrupt();
        }
    }
}
