// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import com.sun.management.OperatingSystemMXBean;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;

/**
 * Measures what a confirmable message costs on its way through a route to a CoAP server in another process, beside the
 * same requests of Californium's client alone: CPU time of this process in microseconds, and messages a second. Not a
 * test; run by hand with the number of messages (at most 50000, since the client alone has one socket) and of those under
 * way at once.
 */
final class RouteCost {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int count;
    private final int inFlight;
    private final Semaphore room;

    private RouteCost(int count, int inFlight) {
        this.count = count;
        this.inFlight = inFlight;
        this.room = new Semaphore(inFlight);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("server")) {
            serve();
            return;
        }
        RouteCost cost = new RouteCost(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        for (int run = 0; run < 4; run++) {
            // a new server each time, which remembers nothing
            cost.withServer(cost::alone);
            cost.withServer(cost::routed);
        }
    }

    private static void serve() throws IOException {
        try (ScriptedServer server = ScriptedServer.quiet(ScriptedServer.code(ResponseCode.CHANGED))) {
            System.out.println(server.port());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }

    private interface Measurement {
        void against(int port) throws IOException;
    }

    private void withServer(Measurement measurement) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RouteCost.class.getName(),
                        "server")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            measurement.against(Integer.parseInt(out.readLine()));
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private void alone(int port) throws IOException {
        Configuration configuration =
                Configurations.ofTarget(Settings.url("coap://127.0.0.1:" + port).endpoint());
        ScheduledThreadPoolExecutor threads = Threads.of(2, "alone");
        CoapEndpoint client = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(new UDPConnector(new InetSocketAddress(0), configuration))
                .build();
        client.setExecutors(threads, threads);
        client.start();
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        byte[] payload = new byte[128];
        measure("Californium's client alone", () -> {
            Request request = new Request(Code.POST, Type.CON);
            request.getOptions().addUriPath("bench");
            request.setPayload(payload);
            request.setDestinationContext(new AddressEndpointContext(server));
            request.addMessageObserver(new MessageObserverAdapter() {
                @Override
                public void onResponse(Response response) {
                    room.release();
                }
            });
            client.sendRequest(request);
        });
        client.destroy();
        threads.shutdownNow();
    }

    private void routed(int port) {
        Settings settings = Settings.url("coap://127.0.0.1:" + port)
                .withWaits(Duration.ofSeconds(2), 4, Duration.ofSeconds(30))
                .withLimits(Math.min(inFlight, 1_000), 1, 1, 100, "64KiB");
        Message message = new Message(
                Harness.IDS.next(),
                new TopicName("in/a"),
                Payload.owning(new byte[128]),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Device(new ClientId("device"), null),
                0);
        try (Harness harness = new Harness(settings)) {
            Sink sink = harness.start(Settings.to("/bench"));
            measure("route", () -> sink.offer(message, this::confirmed));
        }
    }

    private void confirmed(Delivery delivery) {
        if (!delivery.equals(Delivery.accepted())) {
            throw new IllegalStateException(delivery.toString());
        }
        room.release();
    }

    private void measure(String what, Runnable send) {
        long startNanos = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        for (int i = 0; i < count; i++) {
            room.acquireUninterruptibly();
            send.run();
        }
        room.acquireUninterruptibly(inFlight);
        room.release(inFlight);
        double cpu = (PROCESS.getProcessCpuTime() - startCpu) / 1e3 / count;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf("%-27s %.2f us CPU per message, %,.0f messages/s%n", what, cpu, count / seconds);
    }
}
