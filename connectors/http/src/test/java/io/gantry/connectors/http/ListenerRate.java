// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import com.sun.management.OperatingSystemMXBean;
import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures how many requests a second a listener takes, from callers in the same process, beside the HTTP server's library
 * alone: rate, and CPU time of the process in microseconds per request, the callers' included. Not a test; run by hand with
 * the number of requests.
 */
final class ListenerRate {
    private static final int CONNECTIONS = 16;
    private static final byte[] REQUEST = ("POST /devices/7/commands HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 128\r\n\r\n" + "x".repeat(128))
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ListenerRate() {}

    public static void main(String[] arguments) throws Exception {
        int each = Integer.parseInt(arguments[0]) / CONNECTIONS;
        Sink taking = ListenerRate::take;
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        HttpServer bare = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> request.response()
                        .setStatusCode(202)
                        .putHeader("Content-Type", "application/json")
                        .end("{}\n")));
        bare.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/devices/{device}/commands"), taking)
                .start()) {
            for (int run = 0; run < 3; run++) {
                measure("library alone", bare.actualPort(), each);
                measure("listener and route", web.port(), each);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
        }
    }

    private static void take(Message message, Acknowledgement acknowledgement) {
        acknowledgement.complete(Delivery.accepted());
    }

    private static void measure(String what, int port, int each) throws InterruptedException {
        long startNanos = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread caller = new Thread(() -> call(port, each));
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        double requests = (double) CONNECTIONS * each;
        double cpu = (PROCESS.getProcessCpuTime() - startCpu) / 1e3 / requests;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf("%-20s %8.2f us CPU per request, %,10.0f requests/s%n", what, cpu, requests / seconds);
    }

    /** One request after the other on one connection, as a client without pipelining does. */
    private static void call(int port, int each) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < each; i++) {
                socket.getOutputStream().write(REQUEST);
                readAnswer(socket.getInputStream());
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void readAnswer(InputStream in) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream(256);
        byte[] part = new byte[512];
        do {
            int count = in.read(part);
            if (count < 0) {
                throw new IOException("closed");
            }
            answer.write(part, 0, count);
        } while (!answer.toString(StandardCharsets.ISO_8859_1).endsWith("{}\n"));
        if (!answer.toString(StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 202 ")) {
            throw new IOException("refused: " + answer.toString(StandardCharsets.ISO_8859_1));
        }
    }
}
