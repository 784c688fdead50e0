// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.MessageId;
import io.gantry.api.settings.ByteSize;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import io.gantry.mqtt.MqttServer;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Over TCP")
class TcpTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-7.1.1-1] [5.0/MQTT-4.2-1] bytes arrive in both directions, all and in order, wherever the"
            + " network cuts them")
    void tcp(ProtocolVersion version) throws Exception {
        boolean v5 = version == ProtocolVersion.V5;
        String noProperties = v5 ? "00" : "";
        try (MqttServer server =
                MqttServer.start(TestLimits.defaults(), new MessageId.Sequence(1, 1), Clock.systemUTC())) {
            InetSocketAddress address = server.listen(new ListenerSettings(
                    new ListenerUrl(InetAddress.getLoopbackAddress().getHostAddress(), 0),
                    new ByteSize(4_096),
                    Duration.ofSeconds(10),
                    10,
                    10,
                    List.of()));
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(10_000);
                socket.setTcpNoDelay(true);
                send(socket, Connecting.of(version, "d1").bytes());
                assertThat(read(socket, 2)).isEqualTo(v5 ? "200E" : "2002");
                read(socket, v5 ? 14 : 2);
                send(socket, Hex.packet(0x82, "0001" + noProperties + string("a") + "00"));
                assertThat(read(socket, v5 ? 6 : 5)).isEqualTo(v5 ? "900400010000" : "9003000100");

                StringBuilder all = new StringBuilder();
                for (int i = 0; i < 500; i++) {
                    all.append(Hex.packet(0x30, string("a") + noProperties + String.format("%04X", i)));
                }
                send(socket, all.toString());

                String expected = HexFormat.of().withUpperCase().formatHex(Hex.bytes(all.toString()));
                assertThat(read(socket, expected.length() / 2)).isEqualTo(expected);
            }
        }
    }

    /** In pieces of 7 bytes, so that no packet's end is a piece's. */
    private static void send(Socket socket, String written) throws IOException {
        byte[] bytes = Hex.bytes(written);
        for (int from = 0; from < bytes.length; from += 7) {
            socket.getOutputStream().write(bytes, from, Math.min(7, bytes.length - from));
        }
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return HexFormat.of().withUpperCase().formatHex(socket.getInputStream().readNBytes(bytes));
    }
}
