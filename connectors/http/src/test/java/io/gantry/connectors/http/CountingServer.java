// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/** The cheapest server that takes requests: reads them, keeps nothing, answers 204. For measurements. */
final class CountingServer implements AutoCloseable {
    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1);
    private static final String LENGTH = "content-length:";

    private final ServerSocket socket;

    private CountingServer(ServerSocket socket) {
        this.socket = socket;
        daemon(this::accept);
    }

    static CountingServer start() {
        try {
            return new CountingServer(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        try {
            while (!socket.isClosed()) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                daemon(() -> serve(client));
            }
        } catch (IOException closed) {
            // The measurement is over.
        }
    }

    private static void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream(), 64 << 10);
            byte[] line = new byte[16 << 10];
            while (true) {
                int length = 0;
                for (int size = line(in, line); size > 0; size = line(in, line)) {
                    String text = new String(line, 0, Math.min(size, LENGTH.length()), ISO_8859_1);
                    if (text.toLowerCase(Locale.ROOT).equals(LENGTH)) {
                        length = Integer.parseInt(
                                new String(line, text.length(), size - text.length(), ISO_8859_1).strip());
                    }
                }
                in.skipNBytes(length);
                client.getOutputStream().write(ANSWER);
            }
        } catch (IOException gone) {
            // So do clients.
        }
    }

    /** Its length without the line break. */
    private static int line(InputStream in, byte[] line) throws IOException {
        int size = 0;
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            line[size++] = (byte) c;
        }
        return size - 1;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "counting-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
