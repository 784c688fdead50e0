// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Stands between the gateway and a target, in this process, and makes what trouble it is told to. Any thread. */
public final class FaultProxy implements AutoCloseable {
    private static final long LONGEST_HOLD_MINUTES = 10;

    private final int targetPort;
    private final int port;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private Trouble trouble = Trouble.NONE;
    private ServerSocket listener;
    private Thread acceptor;
    private boolean closed;

    /**
     * Starts one without trouble.
     *
     * @param port of the loopback address, to listen on
     * @param targetPort where something listens, now or later
     */
    public FaultProxy(int port, int targetPort) throws IOException {
        this.port = port;
        this.targetPort = targetPort;
        this.listener = bound();
        this.acceptor = acceptFrom(listener);
    }

    public int port() {
        return port;
    }

    public int targetPort() {
        return targetPort;
    }

    /** From now on, for connections that there are and for new ones. */
    public void make(Trouble next) throws IOException, InterruptedException {
        boolean refused = trouble().kind() == Trouble.Kind.REFUSE;
        synchronized (this) {
            trouble = next;
            notifyAll();
        }
        if (next.kind() == Trouble.Kind.REFUSE) {
            listener.close();
            // the system goes on listening for as long as a thread is in accept
            acceptor.join();
            reset();
        } else if (refused) {
            listener = bound();
            acceptor = acceptFrom(listener);
        }
    }

    /** Resets the connections that there are, once. */
    void reset() {
        connections.forEach(ProxiedConnection::reset);
    }

    synchronized Trouble trouble() {
        return trouble;
    }

    /** Waits while a trouble lasts, or for a time. */
    synchronized void hold(Trouble lasting, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = deadline - System.nanoTime();
        while (trouble.equals(lasting) && !closed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
    }

    /** Waits until a trouble is over. */
    void holdWhile(Trouble lasting) throws InterruptedException {
        hold(lasting, TimeUnit.MINUTES.toMillis(LONGEST_HOLD_MINUTES));
    }

    private ServerSocket bound() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private Thread acceptFrom(ServerSocket socket) {
        Thread thread = new Thread(() -> accept(socket), "fault-proxy-" + port);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                open(from.accept());
            } catch (IOException ended) {
                if (!from.isClosed()) {
                    throw new UncheckedIOException(ended);
                }
            }
        }
    }

    private void open(Socket client) throws IOException {
        try {
            ProxiedConnection connection = new ProxiedConnection(this, client);
            connections.add(connection);
            connection.start(() -> connections.remove(connection));
        } catch (IOException targetIsAway) {
            client.setSoLinger(true, 0);
            client.close();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            listener.close();
            notifyAll();
        }
        reset();
    }
}
