// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway whose sockets fail")
class FailingSocketsIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration LOOKED_AT = Duration.ofSeconds(2);
    private static final int MANY = 100;

    @TempDir
    private static Path folder = Path.of("");

    private static GatewayChild gateway;

    @BeforeAll
    static void start() throws IOException {
        gateway = new GatewayChild(folder);
        gateway.start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        gateway.close();
    }

    @Test
    @DisplayName(
            "for want of file descriptors serves who is connected, is not busy with who is not, and lets him in later [F6]")
    void noDescriptors() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
        List<Socket> waiting = new ArrayList<>();
        try (RawConnection served = RawConnection.open(gateway.port(), Version.V3_1_1)) {
            served.connect("served", null);
            // the classes that this takes are read from files
            assertPublished(served, 1);
            limitDescriptors(openDescriptors() + 5);
            for (int i = 0; i < MANY; i++) {
                waiting.add(socket());
            }
            await().atMost(LONG).until(() -> gateway.said().contains("Too many open files"));

            assertThat(busyShare(() -> assertPublished(served, 2))).isLessThan(0.7);

            limitDescriptors(4_096);
            try (RawConnection later = RawConnection.open(gateway.port(), Version.V3_1_1)) {
                later.connect("later", null);
                assertPublished(later, 1);
            }
            assertPublished(served, 3);
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    @DisplayName("since they are closed half way and then reset is not busy with them [F8]")
    void halfClosedAndReset() throws Exception {
        for (int i = 0; i < MANY; i++) {
            try (Socket socket = socket()) {
                socket.getOutputStream().write(0x10);
                socket.shutdownOutput();
                socket.setSoLinger(true, 0);
            }
        }

        assertThat(busyShare(() -> {})).isLessThan(0.7);

        try (RawConnection next = RawConnection.open(gateway.port(), Version.V3_1_1)) {
            next.connect("next", null);
            assertPublished(next, 1);
        }
    }

    /** What is done while the gateway is looked at. */
    @FunctionalInterface
    private interface Meanwhile {
        void run() throws IOException;
    }

    /** How much of one processor the gateway takes for a while: a loop that spins takes all of it. */
    private static double busyShare(Meanwhile meanwhile) throws IOException {
        Duration before = gateway.cpuTime();
        long start = System.nanoTime();
        meanwhile.run();
        await().pollDelay(LOOKED_AT).atMost(LONG).until(() -> true);
        return (double) gateway.cpuTime().minus(before).toNanos() / (System.nanoTime() - start);
    }

    private static void assertPublished(RawConnection connection, int packetId) throws IOException {
        connection.publish(new Publish("a", 1, false, "x"), packetId, false);
        assertThat(connection.read().type()).isEqualTo(RawConnection.PUBACK);
    }

    private static Socket socket() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    }

    private static int openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(gateway.pid()), "fd"))) {
            return (int) open.count();
        }
    }

    private static void limitDescriptors(int most) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("prlimit", "--pid", Long.toString(gateway.pid()), "--nofile=" + most + ":")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }
}
