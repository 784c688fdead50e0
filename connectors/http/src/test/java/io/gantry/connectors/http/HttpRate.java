// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import com.sun.management.OperatingSystemMXBean;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Sink;
import io.gantry.connectors.http.BatchSettings.Format;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Measures how many messages a second go over HTTP to a server in the same process, singly and in batches, beside the same
 * requests by the client library alone: rate, and CPU time of the process in microseconds per message. Not a test; run by
 * hand with the number of messages.
 */
final class HttpRate {
    private static final int CONNECTIONS = 20;
    private static final int IN_FLIGHT = 1_000;
    private static final int IN_FLIGHT_OF_BATCHES = 10_000;
    private static final int BATCH = 500;
    private static final Payload PAYLOAD = Payload.ofText("{\"t\": 21.5, \"pad\": \"" + "x".repeat(108) + "\"}");
    private static final Message MESSAGE = Harness.message("a", MessageProperties.NONE, PAYLOAD);
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int count;
    private final String url;

    private HttpRate(int count, String url) {
        this.count = count;
        this.url = url;
    }

    public static void main(String[] arguments) throws Exception {
        try (CountingServer server = CountingServer.start()) {
            HttpRate rate = new HttpRate(Integer.parseInt(arguments[0]), server.url());
            for (int run = 0; run < 3; run++) {
                rate.bare(1, CONNECTIONS);
                rate.routed("route, single", null, IN_FLIGHT, rate.count);
                rate.bare(BATCH, 1);
                rate.routed("route, array of 500", Format.JSON_ARRAY, IN_FLIGHT_OF_BATCHES, 10 * rate.count);
                rate.routed("route, ndjson of 500", Format.NDJSON, IN_FLIGHT_OF_BATCHES, 10 * rate.count);
            }
        }
    }

    private void bare(int batch, int threads) throws Exception {
        byte[] body = batch == 1 ? PAYLOAD.sharedBytes() : batchBody();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (CloseableHttpClient client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(threads)
                        .setMaxConnTotal(threads)
                        .build())
                .disableContentCompression()
                .build()) {
            Semaphore room = new Semaphore(IN_FLIGHT);
            int messages = batch == 1 ? count : 10 * count;
            measure(
                    "library alone, by " + batch,
                    messages / batch,
                    batch,
                    room,
                    IN_FLIGHT,
                    message -> pool.execute(() -> {
                        post(client, body);
                        room.release();
                    }));
        } finally {
            pool.shutdown();
        }
    }

    private static byte[] batchBody() {
        List<PreparedRequest> requests = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            requests.add(new PreparedRequest(
                    HttpTo.Method.POST, java.net.URI.create("/"), List.of(), "k", PAYLOAD, HttpTo.Compression.NONE));
        }
        return new BatchBody(Format.JSON_ARRAY).of(requests).body().sharedBytes();
    }

    private void post(CloseableHttpClient client, byte[] body) {
        HttpPost request = new HttpPost(url + "/in");
        request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        try {
            client.execute(request, answer -> {
                EntityUtils.consume(answer.getEntity());
                return answer.getCode();
            });
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void routed(String what, @org.jspecify.annotations.Nullable Format format, int inFlight, int messages) {
        Settings.ToDraft draft = new Settings.ToDraft("/in");
        draft.batch = format == null ? null : Settings.batch(BATCH, Duration.ofMillis(50), format);
        try (Harness harness = new Harness(Settings.endpoint(url))) {
            Sink sink = harness.start(draft.settings());
            Semaphore room = new Semaphore(inFlight);
            measure(
                    what,
                    messages,
                    1,
                    room,
                    inFlight,
                    message -> sink.offer(message, delivery -> {
                        if (!(delivery instanceof Delivery.Accepted)) {
                            throw new IllegalStateException(delivery.toString());
                        }
                        room.release();
                    }));
        }
    }

    private static void measure(
            String what, int steps, int messagesEach, Semaphore room, int inFlight, Consumer<Message> send) {
        long startNanos = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        for (int i = 0; i < steps; i++) {
            room.acquireUninterruptibly();
            send.accept(MESSAGE);
        }
        room.acquireUninterruptibly(inFlight);
        room.release(inFlight);
        long messages = (long) steps * messagesEach;
        double cpu = (PROCESS.getProcessCpuTime() - startCpu) / 1e3 / messages;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf("%-24s %8.2f us CPU per message, %,10.0f messages/s%n", what, cpu, messages / seconds);
    }
}
