// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's {@code libcoap3-bin}. Skipped where it is not installed. */
@DisplayName("libcoap's coap-client")
class LibcoapIT {
    private static final List<String> NAMES = List.of("coap-client-gnutls", "coap-client-openssl", "coap-client");

    @TempDir
    private Path directory = Path.of("");

    private final int port = Harness.freePort();
    private final Devices devices = new Devices();
    private final List<Process> started = new ArrayList<>();
    private String program = "";

    @BeforeEach
    void find() {
        use(NAMES);
    }

    private void use(List<String> names) {
        program = Arrays.stream(Objects.toString(System.getenv("PATH"), "").split(":"))
                .flatMap(path -> names.stream().map(Path.of(path)::resolve))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
        assumeTrue(!program.isEmpty(), String.join(" or ", names) + " is not installed");
    }

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    private Path start(String... arguments) throws IOException {
        Path output = directory.resolve("output-" + started.size());
        List<String> command = new ArrayList<>(List.of(program, "-w", "-B", "20"));
        command.addAll(List.of(arguments));
        started.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
        return output;
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        Path output = start(arguments);
        assertThat(started.get(started.size() - 1).waitFor(2, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output).strip();
    }

    private String url(String path) {
        return "coap://127.0.0.1:" + port + path;
    }

    private Harness listening() {
        Harness harness = new Harness(Settings.listen("127.0.0.1:" + port).withTopics("/ps"), devices);
        harness.listen(Settings.from("in/{device}", false, true, Map.of()), devices.publisher());
        return harness;
    }

    private static Message message(String payload) {
        return new Message(
                Harness.IDS.next(),
                new TopicName("news"),
                Payload.ofText(payload),
                Qos.AT_LEAST_ONCE,
                true,
                MessageProperties.NONE,
                new Origin.Device(new ClientId("device-1"), null),
                System.currentTimeMillis());
    }

    @Test
    @DisplayName("publishes by PUT, also in blocks and as NON, and reads what is retained by GET")
    void publishesAndReads() throws Exception {
        String large = "0123456789".repeat(500);
        Path file = Files.writeString(directory.resolve("large"), large);
        try (Harness ignored = listening()) {
            assertThat(run("-m", "put", "-e", "21.5", "-t", "text/plain", url("/ps/sensors/north?retain=true")))
                    .isEmpty();
            assertThat(run("-m", "post", "-f", file.toString(), "-b", "256", url("/ps/large?retain=true")))
                    .isEmpty();
            assertThat(run("-N", "-m", "put", "-e", "x", url("/ps/non"))).isEmpty();

            assertThat(devices.published)
                    .extracting(message -> message.topic() + " " + message.qos() + " "
                            + message.payload().size())
                    .containsExactly("sensors/north 1 4", "large 1 5000", "non 0 1");
            assertThat(run(url("/ps/sensors/north"))).isEqualTo("21.5");
            assertThat(run(url("/ps/large"))).isEqualTo(large);
            assertThat(run(url("/ps/none"))).contains("4.04");
        }
    }

    @Test
    @DisplayName("observes a topic")
    void observes() throws Exception {
        try (Harness ignored = listening()) {
            devices.publish(message("first"), Acknowledgement.NOBODY);
            Path output = start("-s", "60", url("/ps/news"));
            soon().until(() -> Files.readString(output).contains("first"));

            devices.publish(message("second"), Acknowledgement.NOBODY);
            soon().until(() -> Files.readString(output).contains("second"));
        }
    }

    @Test
    @DisplayName("is a caller of a route, and says by options what MQTT says about a message")
    void calls() throws Exception {
        try (Harness ignored = listening()) {
            assertThat(run(
                            "-m",
                            "post",
                            "-e",
                            "x",
                            "-O",
                            "65104,mqtt-topic=a/b",
                            "-O",
                            "65104,mqtt-qos=2",
                            url("/in/d1")))
                    .isEmpty();
            assertThat(run("-m", "post", "-e", "x", "-O", "65104,mqtt-qos=9", url("/in/d1")))
                    .contains("4.00");
            assertThat(run("-m", "post", "-e", "x", "-O", "65104,gantry-hops=gateway1", url("/in/d1")))
                    .as("[RFC 8768] what goes round")
                    .contains("5.08");
        }
        assertThat(devices.published)
                .extracting(message -> message.topic() + " " + message.qos())
                .containsExactly("a/b 2");
    }

    @Test
    @DisplayName("publishes by DTLS with the key that the endpoint knows, and not with another")
    void sharedKey() throws Exception {
        try (Harness harness = new Harness(
                Settings.listen("coaps://127.0.0.1:" + port).withTopics("/ps").withClients(Map.of("meter-1", "secret")),
                devices)) {
            harness.listen();
            String url = "coaps://127.0.0.1:" + port + "/ps/a";

            assertThat(run("-u", "meter-1", "-k", "secret", "-m", "put", "-e", "x", url))
                    .isEmpty();
            assertThat(devices.published).hasSize(1);
            run("-B", "2", "-u", "meter-1", "-k", "wrong", "-m", "put", "-e", "x", url);
            run("-B", "2", "-u", "stranger", "-k", "secret", "-m", "put", "-e", "x", url);
            assertThat(devices.published).hasSize(1);
        }
    }

    @Test
    @DisplayName("publishes by DTLS with a certificate of the authority, and not with another's")
    void certificate() throws Exception {
        // GnuTLS does not take the keys that the JDK writes: they are without the public one
        use(List.of("coap-client-openssl"));
        TestCertificates authority = TestCertificates.in(directory);
        TestCertificates.Identity server = authority.server("localhost", "127.0.0.1");
        ServerTlsSettings tls = new ServerTlsSettings(
                server.cert().toString(),
                server.key().toString(),
                null,
                List.of(),
                authority.authority().toString(),
                null,
                null,
                false,
                Duration.ofSeconds(5));
        CoapListen listen = new CoapListen("coaps://127.0.0.1:" + port, tls, false, List.of(), false);
        try (Harness harness = new Harness(Settings.listen(listen).withTopics("/ps"), devices)) {
            harness.listen();

            assertThat(runAs(authority.client("pump-7"), authority)).isEmpty();
            runAs(TestCertificates.in(directory).client("pump-8"), authority);
        }
        assertThat(devices.published)
                .extracting(message -> message.origin().toString())
                .singleElement()
                .asString()
                .contains("CN=pump-7");
    }

    private String runAs(TestCertificates.Identity shown, TestCertificates trusted) throws Exception {
        return run(
                "-B",
                "5",
                "-c",
                shown.cert().toString(),
                "-j",
                shown.key().toString(),
                "-R",
                trusted.authority().toString(),
                "-m",
                "put",
                "-e",
                "x",
                "coaps://localhost:" + port + "/ps/a");
    }
}
