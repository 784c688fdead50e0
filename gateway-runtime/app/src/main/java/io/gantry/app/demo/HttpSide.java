// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP service that checks every request, and a client that posts commands to the gateway. */
final class HttpSide implements FarSide {
    private static final int BACKLOG = 100;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Tally tally;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int listenPort = LoopbackPorts.free();

    private HttpSide(Tally tally, HttpServer server) {
        this.tally = tally;
        this.server = server;
    }

    static HttpSide start(Tally tally) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        HttpSide side = new HttpSide(tally, server);
        server.setExecutor(side.threads);
        server.createContext("/readings/", side::take);
        server.start();
        return side;
    }

    private void take(HttpExchange request) throws IOException {
        try (request) {
            String path = request.getRequestURI().getPath();
            byte[] body = request.getRequestBody().readAllBytes();
            tally.arrived(DemoPlan.deviceOf(path.substring(path.lastIndexOf('/') + 1)), NumberedPayload.numberIn(body));
            request.sendResponseHeaders(204, -1);
        }
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public String endpoints() {
        return """
                api: {http: {url: "http://127.0.0.1:%d"}}
                web: {http: {listen: "127.0.0.1:%d"}}
                """.formatted(server.getAddress().getPort(), listenPort);
    }

    @Override
    public String routes() {
        return """
                http-telemetry:
                  from: {mqtt: "sensors/http/{device}/telemetry"}
                  to: {api: {path: "/readings/{device}"}}

                http-commands:
                  from: {web: {path: "/commands/{device}"}}
                  to: {mqtt: {topic: "sensors/http/{path.device}/commands", qos: 1}}
                """;
    }

    @Override
    public void sendCommand(int device, int number) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + listenPort + "/commands/" + DemoPlan.deviceName(device)))
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofByteArray(NumberedPayload.of(number)))
                .build();
        tally.commandSent();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IOException("the gateway answered " + answer.statusCode() + " " + answer.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
