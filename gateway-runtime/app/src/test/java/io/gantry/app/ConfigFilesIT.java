// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.config.ConfigFile;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A gateway with a file of config/")
class ConfigFilesIT {

    @TempDir
    private Path directory = Path.of("");

    static List<Path> files() throws IOException {
        return ConfigFilesTest.files();
    }

    @Timeout(300)
    @DisplayName("starts, listens and stops, while its targets are away")
    @ParameterizedTest
    @MethodSource("files")
    void starts(Path file) throws Exception {
        // a free port in place of each one the file names, and a port nobody listens on for targets
        String yaml = Files.readString(file)
                .replaceAll("(mqtts?|wss?|coaps?)://[0-9.]+:[0-9]+", "$1://127.0.0.1:0")
                .replaceAll("listen: \"127.0.0.1:[0-9]+\"", "listen: \"127.0.0.1:0\"")
                .replace("file:gantry-inbox", "file:" + directory)
                .replaceAll("(?m)^(shutdown-timeout|store|admin):.*$", "");
        Map<String, String> away = Map.of(
                "KAFKA_BROKERS",
                "127.0.0.1:1",
                "AMQP_URL",
                "amqp://127.0.0.1:1",
                "CERTS",
                certs().toString(),
                "JWKS",
                "https://127.0.0.1:1/jwks.json");
        ConfigFile reader = new ConfigFile(Connectors.all(), away::get);
        List<String> console = new ArrayList<>();

        String store = "\nstore: {directory: " + directory.resolve("store") + "}\nadmin: {listen: \"127.0.0.1:0\"}\n";
        try (Gateway gateway =
                Gateway.start(reader.read("f.yaml", yaml + "\nshutdown-timeout: 1s" + store), console::add)) {
            assertThat(gateway.addresses()).isNotEmpty().allSatisfy(ConfigFilesIT::assertAccepts);
        }

        assertThat(console).last().asString().matches("listener (mqtts?|wss?)://127\\.0\\.0\\.1:\\d+(/.*)?");
    }

    /** What docs/security.md has its reader make; nobody is in the file of users yet. */
    private Path certs() throws IOException {
        TestCertificates certificates = TestCertificates.in(directory);
        TestCertificates.Identity server = certificates.server("localhost");
        Path certs = Files.createDirectory(directory.resolve("certs"));
        Files.copy(server.cert(), certs.resolve("server.pem"));
        Files.copy(server.key(), certs.resolve("server.key"));
        Files.copy(certificates.authority(), certs.resolve("devices-ca.pem"));
        Files.createFile(certs.resolve("users.txt"));
        return certs;
    }

    private static void assertAccepts(InetSocketAddress address) {
        try (Socket device = new Socket(address.getAddress(), address.getPort())) {
            assertThat(device.isConnected()).isTrue();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
