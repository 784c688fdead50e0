// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A network with faults")
class FaultProxyTest {
    private static final String TEXT = "what passes is what was sent, whatever it takes";

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::serve, "echo");
        server.setDaemon(true);
        server.start();
        proxy = new FaultProxy(LoopbackPorts.free(), echo.getLocalPort());
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try (Socket socket = echo.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException ended) {
                // the next one, unless the test is over
                continue;
            }
        }
    }

    private static Trouble[] harmless() {
        return new Trouble[] {
            Trouble.NONE, Trouble.latency(20), Trouble.ONE_BYTE_AT_A_TIME, Trouble.cutAfter(1_000), Trouble.corrupt(500)
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    @DisplayName("lets everything through, sooner or later, while nothing worse is wrong with it")
    void passes(Trouble trouble) throws IOException, InterruptedException {
        proxy.make(trouble);

        assertThat(answerTo(TEXT)).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("cuts connections when so many bytes have passed")
    void cuts() throws IOException, InterruptedException {
        proxy.make(Trouble.cutAfter(10));

        assertThatThrownBy(() -> answerTo(TEXT)).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("turns over a bit of what passes towards the target")
    void corrupts() throws IOException, InterruptedException {
        proxy.make(Trouble.corrupt(10));

        assertThat(answerTo(TEXT)).hasSameSizeAs(TEXT).isNotEqualTo(TEXT);
    }

    @Test
    @DisplayName("resets and refuses connections, and takes them again when that is over")
    void resetsAndRefuses() throws IOException, InterruptedException {
        proxy.make(Trouble.RESET);
        assertThatThrownBy(() -> answerTo(TEXT)).isInstanceOf(IOException.class);
        proxy.make(Trouble.REFUSE);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()))
                .isInstanceOf(IOException.class);

        proxy.make(Trouble.NONE);

        assertThat(answerTo(TEXT)).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("swallows what is sent, and gives it back when that is over")
    void blackHole() throws IOException, InterruptedException {
        proxy.make(Trouble.BLACK_HOLE);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            socket.getOutputStream().write(TEXT.getBytes(UTF_8));
            socket.setSoTimeout(100);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.make(Trouble.NONE);

            socket.setSoTimeout(120_000);
            assertThat(socket.getInputStream().readNBytes(TEXT.length()))
                    .asString(UTF_8)
                    .isEqualTo(TEXT);
        }
    }

    private String answerTo(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(text.getBytes(UTF_8));
            byte[] answer = socket.getInputStream().readNBytes(text.length());
            if (answer.length < text.length()) {
                throw new IOException("ended after " + answer.length);
            }
            return new String(answer, UTF_8);
        }
    }
}
