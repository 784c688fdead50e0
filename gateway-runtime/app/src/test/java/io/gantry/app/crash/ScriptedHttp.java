// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** An HTTP target over plain sockets that answers as its script says, and keeps what it took. Any thread. */
final class ScriptedHttp implements AutoCloseable {
    private static final int LONGEST_LINE = 8_192;
    private static final long HANG_MINUTES = 10;
    private static final long SLOW_MILLIS = 5;

    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<HttpRequest> taken = new ArrayList<>();
    private HttpScript script = HttpScript.always(HttpAnswer.OK);
    private int requests;
    private boolean closed;

    ScriptedHttp(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        thread("scripted-http", this::accept);
    }

    int port() {
        return port;
    }

    synchronized void answerBy(HttpScript next) {
        script = next;
        notifyAll();
    }

    /** The requests there were, whatever the answer. */
    synchronized int requests() {
        return requests;
    }

    /** What it took, in the order in which it did. */
    synchronized List<HttpRequest> taken() {
        return List.copyOf(taken);
    }

    /** Begins anew. */
    synchronized void forget() {
        taken.clear();
    }

    /** The same for the checker: the Topic Name came as header {@code Topic-Name}. */
    List<Seen> seen() {
        return taken().stream()
                .map(request -> Seen.of(
                        request.body().getBytes(ISO_8859_1),
                        request.header("topic-name"),
                        request.header("idempotency-key")))
                .toList();
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                thread("scripted-http-connection", () -> serve(socket));
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(ended);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean more = true;
            while (more) {
                more = answerNext(in, socket);
            }
        } catch (IOException lost) {
            // the other side went away, as it may at any time
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(socket);
        }
    }

    /** False when the connection is over. */
    private boolean answerNext(InputStream in, Socket socket) throws IOException, InterruptedException {
        String first = line(in);
        if (first.isEmpty()) {
            return false;
        }
        Map<String, String> headers = headers(in);
        String[] words = first.split(" ");
        String length = headers.getOrDefault("content-length", "0");
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new EOFException("a body of " + length + " ended after " + body.length);
        }
        HttpAnswer answer = decide(new HttpRequest(words[0], words[1], headers, new String(body, ISO_8859_1)));
        return switch (answer.manner()) {
            case PROMPT -> send(socket.getOutputStream(), answer, 0);
            case SLOW -> send(socket.getOutputStream(), answer, SLOW_MILLIS);
            case HANG -> {
                hold(TimeUnit.MINUTES.toMillis(HANG_MINUTES));
                yield false;
            }
            case RESET, TAKE_AND_RESET -> {
                socket.setSoLinger(true, 0);
                yield false;
            }
        };
    }

    private synchronized HttpAnswer decide(HttpRequest request) {
        requests++;
        HttpAnswer answer = script.answer(request);
        if (answer.takes()) {
            taken.add(request);
        }
        return answer;
    }

    private boolean send(OutputStream out, HttpAnswer answer, long pauseMillis)
            throws IOException, InterruptedException {
        String again = answer.retryAfter().isEmpty() ? "" : "Retry-After: " + answer.retryAfter() + "\r\n";
        byte[] bytes = ("HTTP/1.1 " + answer.status() + " scripted\r\n" + again + "Content-Length: 2\r\n\r\nok")
                .getBytes(ISO_8859_1);
        if (pauseMillis == 0) {
            out.write(bytes);
            return true;
        }
        for (byte one : bytes) {
            out.write(one);
            hold(pauseMillis);
        }
        return true;
    }

    /** Waits for a time, unless the server is closed. */
    private synchronized void hold(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = deadline - System.nanoTime();
        while (!closed && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        String line = line(in);
        while (!line.isEmpty()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
            line = line(in);
        }
        return headers;
    }

    /** Up to the end of the line; empty at the end of the stream too. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line without end");
            }
            line.append((char) next);
            next = in.read();
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        listener.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
