// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in for AWS IoT Core: Mosquitto, which wants a certificate of its clients, behind nginx, which lets through
 * only who offers {@code x-amzn-mqtt-ca} in the TLS handshake.
 */
final class AwsStandIn implements AutoCloseable {
    private static final Path STREAM_MODULE = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    private final List<Process> processes = new ArrayList<>();
    private final int port = LoopbackPorts.free();

    private AwsStandIn() {}

    /** Skips the test, visibly, where one of the two is not installed. */
    static AwsStandIn start(Path directory, TestCertificates certificates) throws IOException {
        assumeTrue(isInstalled("mosquitto", "-h"), "mosquitto is not installed");
        assumeTrue(isInstalled("nginx", "-v"), "nginx is not installed");
        assumeTrue(Files.exists(STREAM_MODULE), "nginx has no stream module");
        AwsStandIn standIn = new AwsStandIn();
        int broker = LoopbackPorts.free();
        TestCertificates.Identity server = certificates.server("localhost", "127.0.0.1");
        Path mosquitto = Files.writeString(directory.resolve("mosquitto.conf"), """
                user root
                listener %d 127.0.0.1
                cafile %s
                certfile %s
                keyfile %s
                require_certificate true
                use_identity_as_username true
                """.formatted(
                        broker, certificates.authority(), server.cert(), server.key()));
        Path nginx = Files.writeString(
                directory.resolve("nginx.conf"), """
                load_module %s;
                daemon off;
                pid %s/nginx.pid;
                error_log stderr;
                events {}
                stream {
                    map $ssl_preread_alpn_protocols $broker {
                        "x-amzn-mqtt-ca" 127.0.0.1:%d;
                        default 127.0.0.1:1;
                    }
                    server {
                        listen 127.0.0.1:%d;
                        ssl_preread on;
                        proxy_pass $broker;
                    }
                }
                """.formatted(STREAM_MODULE, directory, broker, standIn.port));
        standIn.run(directory, broker, "mosquitto", "-c", mosquitto.toString());
        standIn.run(directory, standIn.port, "nginx", "-p", directory.toString(), "-c", nginx.toString());
        return standIn;
    }

    private void run(Path directory, int listens, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(command[0] + ".log").toFile())
                .start();
        processes.add(process);
        while (!accepts(listens)) {
            if (!process.isAlive()) {
                throw new IOException(
                        command[0] + " said: " + Files.readString(directory.resolve(command[0] + ".log")));
            }
            Thread.onSpinWait();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean isInstalled(String program, String question) {
        try {
            Process process = new ProcessBuilder(program, question)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.destroy();
            return true;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    String url() {
        return "mqtts://localhost:" + port;
    }

    /** nginx has workers of its own. */
    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
