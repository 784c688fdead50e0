// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Sockets")
class SocketsTest {
    private static final int DEVICES = 8;
    private static final int MESSAGES = 300;

    static Stream<Sockets> available() {
        return Epoll.isAvailable() ? Stream.of(Sockets.ofJdk(), Sockets.ofEpoll()) : Stream.of(Sockets.ofJdk());
    }

    @Test
    @DisplayName("are epoll's where the C library is there that its Netty library was made for")
    void epoll() {
        assumeTrue(Stream.of("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
                .anyMatch(linker -> Files.exists(Path.of(linker))));

        assertThat(Sockets.best().name()).isEqualTo("epoll");
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName(
            "of each kind serve devices on all event loops, also what comes in one piece with the CONNECT, and close")
    void serve(Sockets sockets) throws Exception {
        try (MqttServer server = TestServers.on(sockets)) {
            InetSocketAddress address = server.listen(TestListeners.plain(), null);
            for (int device = 0; device < DEVICES; device++) {
                try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                    socket.setSoTimeout(60_000);
                    byte[] messages = messagesTo("t" + device);

                    socket.getOutputStream().write(connectAndSubscribe("device" + device, "t" + device));
                    socket.getOutputStream().write(messages);

                    assertThat(socket.getInputStream().readNBytes(9)).containsExactly(0x20, 2, 0, 0, 0x90, 3, 0, 1, 0);
                    assertThat(socket.getInputStream().readNBytes(messages.length))
                            .isEqualTo(messages);
                    socket.getOutputStream().write(new byte[] {(byte) 0xE0, 0});
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("of each kind carry large messages, each to many devices, next to small ones and in order")
    void large(Sockets sockets) throws Exception {
        byte[] messages = join(large(7), messagesTo("t"), large(8_192), large(9_000), messagesTo("t"), large(60_000));
        try (MqttServer server = TestServers.on(sockets)) {
            InetSocketAddress address = server.listen(TestListeners.plain(), null);
            List<Socket> devices = new ArrayList<>();
            for (int device = 0; device < DEVICES; device++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                devices.add(socket);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(connectAndSubscribe("device" + device, "t"));
                assertThat(socket.getInputStream().readNBytes(9)).hasSize(9);
            }

            devices.get(0).getOutputStream().write(messages);

            for (Socket device : devices) {
                assertThat(device.getInputStream().readNBytes(messages.length)).isEqualTo(messages);
                device.close();
            }
        }
    }

    /** A PUBLISH to {@code t} with a payload in which no two neighbours are equal. */
    private static byte[] large(int size) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(0x30);
        int rest = size + 3;
        for (; rest > 0x7F; rest >>= 7) {
            head.write(rest & 0x7F | 0x80);
        }
        head.write(rest);
        head.writeBytes(new byte[] {0, 1, 't'});
        byte[] payload = new byte[size];
        for (int i = 0; i < size; i++) {
            payload[i] = (byte) (i * 31 + size);
        }
        return join(head.toByteArray(), payload);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static byte[] connectAndSubscribe(String clientId, String filter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0x10, (byte) (12 + clientId.length()), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60});
        writeText(bytes, clientId);
        bytes.write(new byte[] {(byte) 0x82, (byte) (5 + filter.length()), 0, 1});
        writeText(bytes, filter);
        bytes.write(0);
        return bytes.toByteArray();
    }

    private static byte[] messagesTo(String topic) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < MESSAGES; i++) {
            bytes.write(new byte[] {0x30, (byte) (4 + topic.length())});
            writeText(bytes, topic);
            bytes.write(new byte[] {(byte) (i >> 8), (byte) i});
        }
        return bytes.toByteArray();
    }

    private static void writeText(ByteArrayOutputStream bytes, String text) throws IOException {
        bytes.write(new byte[] {0, (byte) text.length()});
        bytes.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
