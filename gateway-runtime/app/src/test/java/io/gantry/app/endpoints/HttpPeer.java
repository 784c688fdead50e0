// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gantry.app.crash.FaultProxy;
import io.gantry.app.crash.Trouble;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP service that answers 400 to what it never takes, and callers of the gateway, who repeat under the same
 * Idempotency-Key what was not answered. The network of the callers goes away with the service.
 */
final class HttpPeer implements Peer {
    private static final String POISON = "poison";
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final int servicePort = LoopbackPorts.free();
    private final FaultProxy network = new FaultProxy(LoopbackPorts.free(), LoopbackPorts.free());
    private final HttpClient callers =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Numbered> arrived = new CopyOnWriteArrayList<>();
    private HttpServer service;
    private int poisons;

    HttpPeer() throws Exception {
        back();
    }

    private void take(HttpExchange request) throws IOException {
        try (request) {
            String payload = new String(request.getRequestBody().readAllBytes(), UTF_8);
            boolean isPoison = payload.equals(POISON);
            if (!isPoison) {
                arrived.add(Numbered.parse(payload));
            }
            request.sendResponseHeaders(isPoison ? 400 : 204, -1);
        }
    }

    @Override
    public String endpoints() {
        return """
                api: {http: {url: "http://127.0.0.1:%d"}}
                web: {http: {listen: {address: "127.0.0.1:%d"}}}
                """.formatted(servicePort, network.targetPort());
    }

    @Override
    public String to() {
        return "{api: {path: /readings}}";
    }

    @Override
    public String from() {
        return "{web: {path: \"/commands/{device}\"}}";
    }

    @Override
    public String device() {
        return "{path.device}";
    }

    @Override
    public List<Numbered> arrived() {
        return arrived;
    }

    @Override
    public String poison() {
        return POISON;
    }

    @Override
    public void send(Numbered message) throws Exception {
        expect(202, message.device(), Integer.toString(message.number()));
    }

    @Override
    public void sendPoison() throws Exception {
        expect(400, "a+b", Integer.toString(-poisons));
        poisons++;
    }

    private void expect(int status, String segment, String number) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + network.port() + "/commands/" + segment))
                .timeout(LONGEST)
                .header("Idempotency-Key", segment + number)
                .POST(BodyPublishers.ofString(number))
                .build();
        int answer = callers.send(request, BodyHandlers.discarding()).statusCode();
        if (answer != status) {
            throw new IOException("the gateway answered " + answer + " in place of " + status);
        }
    }

    @Override
    public void away() throws Exception {
        service.stop(0);
        network.make(Trouble.REFUSE);
    }

    @Override
    public void back() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), servicePort), 0);
        service.setExecutor(threads);
        service.createContext("/readings", this::take);
        service.start();
        network.make(Trouble.NONE);
    }

    @Override
    public void close() throws IOException {
        service.stop(0);
        network.close();
        threads.shutdownNow();
    }
}
