// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Stands before a broker and cuts connections in the middle: each after so many bytes from one side or the other, drawn from
 * a seed, in the middle of a packet as well as between two.
 */
final class CuttingProxy implements AutoCloseable {
    private static final int LEAST = 30;
    private static final int MOST = 1_200;

    private final int target;
    private final Random random;
    private final ServerSocket socket;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private int cutsLeft;

    CuttingProxy(int target, long seed, int cuts) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.cutsLeft = cuts;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    String url() {
        return "mqtt://127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on nothing is cut any more. */
    synchronized void spare() {
        cutsLeft = 0;
    }

    synchronized int cutsLeft() {
        return cutsLeft;
    }

    /** How many bytes one side of a connection may say. */
    private synchronized int allowance() {
        return cutsLeft == 0 ? Integer.MAX_VALUE : LEAST + random.nextInt(MOST);
    }

    private synchronized boolean mayCut() {
        if (cutsLeft == 0) {
            return false;
        }
        cutsLeft--;
        return true;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(broker);
                daemon(() -> pass(client, broker));
                daemon(() -> pass(broker, client));
            } catch (IOException closed) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    private void pass(Socket from, Socket to) {
        int left = allowance();
        byte[] bytes = new byte[4_096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            while (true) {
                int count = in.read(bytes, 0, Math.min(left, bytes.length));
                if (count < 0) {
                    return;
                }
                out.write(bytes, 0, count);
                left -= count;
                if (left == 0 && mayCut()) {
                    return;
                }
                left = left == 0 ? Integer.MAX_VALUE : left;
            }
        } catch (IOException cut) {
            open.remove(from);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket one : open) {
            one.close();
        }
    }
}
