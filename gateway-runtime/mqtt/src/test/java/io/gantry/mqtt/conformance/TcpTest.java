// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Gatekeeping;
import io.gantry.mqtt.ChallengeResponse;
import io.gantry.mqtt.MqttServer;
import io.gantry.mqtt.TestListeners;
import io.gantry.mqtt.TestServers;
import io.gantry.mqtt.packet.ProtocolVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Over TCP")
class TcpTest {

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-7.1.1-1] [5.0/MQTT-4.2-1] bytes arrive in both directions, all and in order, wherever the"
            + " network cuts them")
    void tcp(ProtocolVersion version) throws Exception {
        boolean v5 = version == V5;
        String noProperties = v5 ? "00" : "";
        try (MqttServer server = TestServers.open()) {
            InetSocketAddress address = server.listen(TestListeners.plain(), null);
            try (Socket socket = connect(address)) {
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

    @ParameterizedTest
    @ValueSource(strings = {"d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"})
    @DisplayName("an Authentication Method decides on a thread of its own, wherever the Client Identifier lives")
    void authentication(String clientId) throws Exception {
        ChallengeResponse quick = new ChallengeResponse();
        AuthenticationMethod elsewhere = claim -> {
            AuthenticationMethod.Exchange exchange = quick.begin(claim);
            return data ->
                    CompletableFuture.supplyAsync(() -> exchange.next(data)).thenCompose(outcome -> outcome);
        };
        try (MqttServer server = TestServers.with(Gatekeeping.OPEN.with(Map.of(ChallengeResponse.NAME, elsewhere)))) {
            String method = "15" + string(ChallengeResponse.NAME);
            try (Socket socket = connect(server.listen(TestListeners.plain(), null))) {
                send(socket, Connecting.of(V5, clientId).with(method).bytes());
                assertThat(readPacket(socket)).singleElement().asString().startsWith("AUTH 18");
                send(socket, Hex.packet(0xF0, "18" + Hex.properties(method + "16" + string("2"))));
                assertThat(readPacket(socket)).singleElement().asString().startsWith("CONNACK 00");
                send(socket, Hex.packet(0xF0, "19" + Hex.properties(method + "16" + string("2"))) + "C000");
                assertThat(List.of(readPacket(socket), readPacket(socket)))
                        .anyMatch(packet -> packet.get(0).startsWith("AUTH 00"))
                        .anyMatch(packet -> packet.equals(List.of("PINGRESP")));
            }
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** One packet of at most 127 bytes. */
    private static List<String> readPacket(Socket socket) throws IOException {
        String head = read(socket, 2);
        return Heard.packets(head + read(socket, Integer.parseInt(head.substring(2), 16)), V5);
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
