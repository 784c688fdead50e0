// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A gateway that is bridged by WebSocket")
class WebSocketBridgeIT {
    private static final int LARGE = 100_000;
    private static final String PROBE = "-1 1";

    @TempDir
    private Path directory = Path.of("");

    private static String bridge(String url, String more, String version) {
        return """
                endpoints:
                  other: {mqtt: {url: "%s", version: "%s"%s}}
                routes:
                  bridge:
                    up:
                      from: {mqtt: "up/#"}
                      to: {other: {topic: "{topic}"}}
                      delivery: {retry: {initial: 50ms, max: 500ms}}
                    down:
                      from: {other: {filter: "down/#"}}
                      to: {mqtt: {topic: "{topic}", qos: keep, retain: keep}}
                """.formatted(url, version, more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    @DisplayName("to the WebSocket listener of another carries messages both ways, small ones and large ones")
    void direct(String version) throws Exception {
        try (TestGateway there = TestGateway.of("endpoints: {}");
                TestGateway here =
                        TestGateway.of(bridge("ws://127.0.0.1:" + there.webSocketPort() + "/mqtt", "", version))) {
            assertCarries(here, there);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    @DisplayName("through nginx, which ends TLS, wants a certificate and has a path of its own, does so too")
    void throughNginx(String version) throws Exception {
        TestCertificates authority = TestCertificates.in(directory);
        TestCertificates.Identity own = authority.client("gateway");
        try (TestGateway there = TestGateway.of("endpoints: {}");
                Nginx nginx = Nginx.before(there.webSocketPort(), authority, directory);
                TestGateway here = TestGateway.of(bridge(
                        "wss://localhost:" + nginx.port + "/plant/mqtt?site=oslo",
                        ", tls: {ca: \"%s\", cert: \"%s\", key: \"%s\"}"
                                .formatted(authority.authority(), own.cert(), own.key()),
                        version))) {
            assertCarries(here, there);
        }
    }

    private static void assertCarries(TestGateway here, TestGateway there) throws Exception {
        Mqtt5AsyncClient atHere = here.device5("here");
        Mqtt5AsyncClient atThere = there.device5("there");
        List<String> seenHere = subscribed(atHere, "down/#");
        List<String> seenThere = subscribed(atThere, "up/#");
        // The bridge has subscribed when something comes through it.
        await().until(() -> {
            publish(atThere, "down/probe", PROBE);
            return seenHere.contains(PROBE);
        });
        List<String> sent = IntStream.range(0, 20)
                .mapToObj(i -> i + " " + (i % 5 == 0 ? LARGE + i : i))
                .toList();

        for (String one : sent) {
            publish(atHere, "up/a", one);
            publish(atThere, "down/a", one);
        }

        await().until(() -> withoutProbes(seenHere).size() >= sent.size() && seenThere.size() >= sent.size());
        assertThat(withoutProbes(seenHere)).isEqualTo(sent);
        assertThat(seenThere).isEqualTo(sent);
    }

    private static List<String> withoutProbes(List<String> seen) {
        return seen.stream().filter(one -> !one.equals(PROBE)).toList();
    }

    /** What comes, as number and size. */
    private static List<String> subscribed(Mqtt5AsyncClient device, String filter) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        device.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(
                        message -> seen.add(message.getPayloadAsBytes()[0] + " " + message.getPayloadAsBytes().length))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return seen;
    }

    private static void publish(Mqtt5AsyncClient device, String topic, String numberAndSize) throws Exception {
        String[] parts = numberAndSize.split(" ", 2);
        byte[] payload = new byte[Integer.parseInt(parts[1])];
        payload[0] = Byte.parseByte(parts[0]);
        device.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Ends TLS before a WebSocket listener, and lets in only who has a certificate; skipped where not installed. */
    private static final class Nginx implements AutoCloseable {
        final int port = LoopbackPorts.free();
        private final Process process;

        private Nginx(int behind, TestCertificates authority, Path directory) throws IOException {
            Path config =
                    Files.writeString(directory.resolve("nginx.conf"), config(port, behind, authority, directory));
            process = new ProcessBuilder("nginx", "-p", directory.toString(), "-c", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("nginx.log").toFile())
                    .start();
            await().until(() -> accepts() || !process.isAlive());
            if (!process.isAlive()) {
                throw new IOException("nginx said: " + Files.readString(directory.resolve("nginx.log")));
            }
        }

        private static String config(int port, int behind, TestCertificates authority, Path directory) {
            TestCertificates.Identity server = authority.server("localhost");
            return """
                    daemon off;
                    master_process off;
                    pid %1$s/nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                        access_log off;
                        client_body_temp_path %1$s/body;
                        proxy_temp_path %1$s/proxy;
                        fastcgi_temp_path %1$s/fastcgi;
                        uwsgi_temp_path %1$s/uwsgi;
                        scgi_temp_path %1$s/scgi;
                        server {
                            listen 127.0.0.1:%2$d ssl;
                            ssl_certificate %3$s;
                            ssl_certificate_key %4$s;
                            ssl_client_certificate %5$s;
                            ssl_verify_client on;
                            location = /plant/mqtt {
                                if ($arg_site != oslo) { return 404; }
                                proxy_pass http://127.0.0.1:%6$d/mqtt;
                                proxy_http_version 1.1;
                                proxy_set_header Upgrade $http_upgrade;
                                proxy_set_header Connection "upgrade";
                                proxy_read_timeout 1h;
                            }
                        }
                    }
                    """.formatted(directory, port, server.cert(), server.key(), authority.authority(), behind);
        }

        static Nginx before(int port, TestCertificates authority, Path directory) throws IOException {
            assumeTrue(isInstalled(), "nginx is not installed");
            return new Nginx(port, authority, directory);
        }

        private static boolean isInstalled() {
            try {
                return new ProcessBuilder("nginx", "-v").start().waitFor(1, TimeUnit.MINUTES);
            } catch (IOException notInstalled) {
                return false;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private boolean accepts() {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
