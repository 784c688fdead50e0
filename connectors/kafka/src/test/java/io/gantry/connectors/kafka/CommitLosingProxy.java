// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a Kafka and can lose the request that ends a transaction, or its response. */
final class CommitLosingProxy implements AutoCloseable {
    /** The number of EndTxn in Kafka's protocol. */
    private static final int END_TXN = 26;

    /** What happens to the end of a transaction. */
    enum Loss {
        NOTHING,
        REQUEST,
        RESPONSE
    }

    private final ServerSocket listener;
    private final int kafkaPort;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile Loss loss = Loss.NOTHING;

    CommitLosingProxy(int port, int kafkaPort) {
        this.kafkaPort = kafkaPort;
        try {
            listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.execute(this::accept);
    }

    void lose(Loss what) {
        loss = what;
    }

    int lost() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException closed) {
            threads.shutdown();
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket kafka = new Socket(InetAddress.getLoopbackAddress(), kafkaPort)) {
            client.setTcpNoDelay(true);
            kafka.setTcpNoDelay(true);
            Connection connection = new Connection(client, kafka);
            threads.execute(connection::responses);
            connection.requests();
        } catch (IOException ended) {
            // One of the two has gone, and so does the other.
        }
    }

    private final class Connection {
        private final Socket client;
        private final Socket kafka;
        private volatile boolean mute;

        Connection(Socket client, Socket kafka) {
            this.client = client;
            this.kafka = kafka;
        }

        void requests() throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(kafka.getOutputStream());
            while (true) {
                byte[] request = new byte[in.readInt()];
                in.readFully(request);
                Loss now = loss;
                boolean isHit = now != Loss.NOTHING && ((request[0] << 8) | (request[1] & 0xFF)) == END_TXN;
                if (isHit) {
                    mute = true;
                    lost.incrementAndGet();
                }
                if (!isHit || now == Loss.RESPONSE) {
                    out.writeInt(request.length);
                    out.write(request);
                    out.flush();
                }
            }
        }

        void responses() {
            byte[] buffer = new byte[8_192];
            try {
                InputStream in = kafka.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (!mute) {
                        out.write(buffer, 0, read);
                    }
                }
                client.close();
            } catch (IOException ended) {
                // The other direction ends as well.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
