// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An HTTP server of plain sockets on a free port of the loopback address, which answers byte by byte as a test says. */
final class ScriptedServer implements AutoCloseable {

    /** Answers one request; a socket that it closes gets no further ones. */
    @FunctionalInterface
    interface Reply {
        void to(Request request, Socket socket) throws IOException;
    }

    /** A request as it was on the wire; what is not ASCII is read as ISO 8859-1. */
    record Request(String line, List<String> headers, String body) {

        Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(header -> header.substring(start.length()).strip())
                    .findFirst();
        }

        String target() {
            return line.split(" ", -1)[1];
        }
    }

    final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket socket;
    private final Reply reply;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    private ScriptedServer(ServerSocket socket, Reply reply) {
        this.socket = socket;
        this.reply = reply;
        daemon(this::accept);
    }

    static ScriptedServer start(Reply reply) {
        try {
            return new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), reply);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** On a socket of the test's making, such as one that speaks TLS. */
    static ScriptedServer start(ServerSocket socket, Reply reply) {
        return new ScriptedServer(socket, reply);
    }

    /** Answers every request the same. */
    static Reply status(int status, String... headers) {
        return (request, socket) -> write(socket, head(status, headers) + "Content-Length: 0\r\n\r\n");
    }

    /** Status line and headers, without the empty line that ends them. */
    static String head(int status, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " whatever\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.toString();
    }

    static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    int port() {
        return socket.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    private void accept() {
        try {
            while (!socket.isClosed()) {
                Socket device = socket.accept();
                connections.incrementAndGet();
                open.add(device);
                daemon(() -> serve(device));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            while (!client.isClosed()) {
                Request request = read(in);
                if (request == null) {
                    return;
                }
                requests.add(request);
                reply.to(request, client);
            }
        } catch (IOException gone) {
            // So do clients.
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        List<String> headers = new ArrayList<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            headers.add(header);
        }
        Request head = new Request(line, headers, "");
        int length = head.header("Content-Length").map(Integer::parseInt).orElse(0);
        if (head.header("X-Body-Unread").isPresent()) {
            return head;
        }
        return new Request(line, List.copyOf(headers), new String(in.readNBytes(length), ISO_8859_1));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.write(c);
        }
        return line.toString(ISO_8859_1).replace("\r", "");
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
