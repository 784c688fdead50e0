// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Stands between a CoAP client and a server, and loses the datagrams that it is told to, counted from 1 on each side, or
 * passes on each of them twice.
 */
final class LosingProxy implements AutoCloseable {
    final AtomicInteger toServer = new AtomicInteger();
    final AtomicInteger toClient = new AtomicInteger();

    /** The first byte of each datagram to the server. */
    final List<Integer> kinds = new CopyOnWriteArrayList<>();

    volatile IntPredicate losesToServer = number -> false;
    volatile IntPredicate losesToClient = number -> false;

    volatile boolean doubles;

    private final DatagramSocket front;
    private final InetSocketAddress server;
    private final Map<SocketAddress, DatagramSocket> backs = new ConcurrentHashMap<>();

    LosingProxy(int serverPort) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        try {
            front = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start("to-server", this::forward);
    }

    int port() {
        return front.getLocalPort();
    }

    String url() {
        return "coap://127.0.0.1:" + port();
    }

    /** From now on clients seem to come from other ports, as behind a router that has forgotten them. */
    void rebind() {
        backs.values().forEach(DatagramSocket::close);
        backs.clear();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void start(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException closed) {
                        // The test is over, or has closed this side.
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void forward() throws IOException {
        byte[] buffer = new byte[65_535];
        while (!front.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            front.receive(packet);
            kinds.add((int) packet.getData()[0]);
            if (!losesToServer.test(toServer.incrementAndGet())) {
                pass(back(packet.getSocketAddress()), packet, server);
            }
        }
    }

    private void pass(DatagramSocket from, DatagramPacket packet, SocketAddress to) throws IOException {
        DatagramPacket copy = new DatagramPacket(packet.getData(), packet.getLength(), to);
        from.send(copy);
        if (doubles) {
            from.send(copy);
        }
    }

    private DatagramSocket back(SocketAddress client) throws IOException {
        DatagramSocket known = backs.get(client);
        if (known != null) {
            return known;
        }
        DatagramSocket back = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        backs.put(client, back);
        start("to-client", () -> {
            byte[] buffer = new byte[65_535];
            while (!back.isClosed()) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                back.receive(packet);
                if (!losesToClient.test(toClient.incrementAndGet())) {
                    pass(front, packet, client);
                }
            }
        });
        return back;
    }

    @Override
    public void close() {
        front.close();
        backs.values().forEach(DatagramSocket::close);
    }
}
