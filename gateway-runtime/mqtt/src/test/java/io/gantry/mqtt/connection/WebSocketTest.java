// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.TopicFilter;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A WebSocket connection")
class WebSocketTest {
    private static final String CONNECT = "10 0E 0004 4D515454 04 02 000A 0002 6431";
    private static final String CONNACK_FRAME = "8204" + "20020000";
    /** Masked with zeros, as every frame of a device is masked with something. */
    private static final String CONNECT_FRAME = "82 90 00000000" + CONNECT;

    private static final String CLOSE = "88 80 00000000";

    private final TestConnection device =
            new TestConnection(TestLimits.withWindows(2, 100), List.of("https://panel.example"));

    @AfterEach
    void close() {
        device.close();
    }

    private void upgrades() {
        assertThat(device.sends(request("/mqtt", "Sec-WebSocket-Protocol: mqtt"))
                        .answerText())
                .startsWith("HTTP/1.1 101 ");
    }

    private static String request(String path, String... headers) {
        return "'GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n'";
    }

    @Test
    @DisplayName("[5.0/MQTT-6.0.0-4] [3.1.1/MQTT-6.0.0-4] is upgraded with the sub-protocol mqtt")
    void upgrade() {
        String answer = device.sends(request("/mqtt?x=1", "Sec-WebSocket-Protocol: chat, mqtt"))
                .answerText()
                .toLowerCase(Locale.ROOT);

        assertThat(answer)
                .startsWith("http/1.1 101 ")
                .contains("sec-websocket-protocol: mqtt\r\n")
                .doesNotContain("sec-websocket-extensions");
    }

    @Test
    @DisplayName("is upgraded with mqttv3.1 when that is what the device speaks")
    void oldSubProtocol() {
        assertThat(device.sends(request("/mqtt", "Sec-WebSocket-Protocol: mqttv3.1"))
                        .answerText())
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("sec-websocket-protocol: mqttv3.1\r\n");
    }

    @Test
    @DisplayName("[5.0/MQTT-6.0.0-3] [3.1.1/MQTT-6.0.0-3] is refused without the sub-protocol mqtt [A47]")
    void noSubProtocol() {
        assertRefused(request("/mqtt"), "400");
    }

    @Test
    @DisplayName("is refused with another sub-protocol")
    void otherSubProtocol() {
        assertRefused(request("/mqtt", "Sec-WebSocket-Protocol: chat, mqttv4"), "400");
    }

    @Test
    @DisplayName("is refused when a page of another site asks [A47]")
    void foreignOrigin() {
        assertRefused(request("/mqtt", "Sec-WebSocket-Protocol: mqtt", "Origin: https://evil.example"), "403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://panel.example.evil", "https://panel.example:444", "http://panel.example"})
    @DisplayName("is refused when the Origin is not exactly an allowed one")
    void nearOrigin(String origin) {
        assertRefused(request("/mqtt", "Sec-WebSocket-Protocol: mqtt", "Origin: " + origin), "403");
    }

    @Test
    @DisplayName("is refused when one of two Origins is not allowed")
    void twoOrigins() {
        assertRefused(
                request(
                        "/mqtt",
                        "Sec-WebSocket-Protocol: mqtt",
                        "Origin: https://panel.example",
                        "Origin: https://evil.example"),
                "403");
    }

    @Test
    @DisplayName("is upgraded when an allowed page asks")
    void allowedOrigin() {
        assertThat(device.sends(request("/mqtt", "Sec-WebSocket-Protocol: mqtt", "Origin: https://panel.example"))
                        .answerText())
                .startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8083, http://127.0.0.1:8083, 101",
        "[::1]:8083, http://[::1]:8083, 101",
        "localhost:8083, http://LOCALHOST:8083, 101",
        "127.0.0.1:8083, http://127.0.0.1:8000, 403",
        "gantry.example:8083, http://gantry.example:8083, 403"
    })
    @DisplayName("is upgraded when a client names the gateway's address as its Origin, not when it is a name")
    void ownOrigin(String host, String origin, String status) {
        String request = request("/mqtt", "Sec-WebSocket-Protocol: mqtt", "Origin: " + origin);

        assertThat(device.sends(request.replace("Host: h", "Host: " + host)).answerText())
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    @DisplayName("is upgraded without the compression a device offers, so that nothing can swell [A47]")
    void compression() {
        String answer = device.sends(request(
                        "/mqtt",
                        "Sec-WebSocket-Protocol: mqtt",
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
                .answerText();

        assertThat(answer).startsWith("HTTP/1.1 101 ");
        assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("sec-websocket-extensions");
    }

    @Test
    @DisplayName("is closed when a frame takes longer than a packet may, not when frames come slowly [A32]")
    void slowFrame() {
        upgrades();
        device.sends("82 90 00000000", CONNECT.replace("000A", "0000")).answer();
        for (int ping = 0; ping < 10; ping++) {
            device.sends("89 80 00000000");
            device.pass(20_000);
        }
        device.sends("82 FE 1000 00000000");
        device.sends("00");
        device.pass(59_999);
        device.sends("00");
        assertThat(device.isOpen()).isTrue();

        device.pass(1);

        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.PACKETS_TOO_SLOW)).isEqualTo(1);
    }

    @Test
    @DisplayName("is not closed for a frame whose rest was not read because a route did not answer [A32]")
    void slowRoute() {
        List<Acknowledgement> owed = new ArrayList<>();
        device.distributor.addUplink(new TopicFilter("a"), (message, acknowledgement) -> owed.add(acknowledgement));
        upgrades();
        device.sends("82 90 00000000", CONNECT.replace("000A", "0000")).answer();
        device.sends("82 87 00000000 3205 0001 61 0001", "82 87 00000000 3205 0001 61 0002");
        device.sends("82 FE 1000 00000000");
        assertThat(owed).hasSize(2);
        device.pass(100_000);

        owed.forEach(each -> each.complete(Delivery.accepted()));
        device.runTasks();
        device.pass(59_999);

        assertThat(device.isOpen()).isTrue();
        device.sends("00");
        device.pass(60_000);
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("is refused under another path")
    void otherPath() {
        assertRefused(request("/mqtt/x", "Sec-WebSocket-Protocol: mqtt"), "404");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /mqtt HTTP/1.1|Host: h, 426",
        "POST /mqtt HTTP/1.1|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13, 426",
        "GET /mqtt HTTP/1.1|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 8, 426",
        "GET /mqtt HTTP/1.1|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13"
                + "|Sec-WebSocket-Protocol: mqtt, 400",
        "ping, 400"
    })
    @DisplayName("is refused when the request is no upgrade to WebSocket 13")
    void noUpgrade(String lines, String status) {
        assertRefused("'" + lines.replace("|", "\r\n") + "\r\n\r\n'", status);
    }

    @Test
    @DisplayName("is refused when the request is too long")
    void longRequest() {
        assertRefused(request("/mqtt", "X: " + "x".repeat(10_000)), "400");
    }

    private void assertRefused(String request, String status) {
        assertThat(device.sends(request).answerText())
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("connection: close");
        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.CONNECTIONS_REFUSED)).isEqualTo(1);
    }

    @Test
    @DisplayName("has the time for CONNECT for the upgrade too")
    void deadline() {
        device.sends("'GET /mqtt HTTP/1.1\r\n'");
        device.pass(6_000);
        device.sends(request("/mqtt", "Sec-WebSocket-Protocol: mqtt").replace("'GET /mqtt HTTP/1.1\r\n", "'"));
        device.pass(3_999);
        assertThat(device.isOpen()).isTrue();

        device.pass(1);

        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[5.0/MQTT-6.0.0-1] [3.1.1/MQTT-6.0.0-1] carries packets in binary frames both ways")
    void binaryFrames() {
        upgrades();

        assertThat(device.sends(CONNECT_FRAME).answer()).isEqualTo(CONNACK_FRAME);
        assertThat(device.connections.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("takes frames sent together with the upgrade")
    void pipelined() {
        String answer = device.sends(request("/mqtt", "Sec-WebSocket-Protocol: mqtt"), CONNECT_FRAME)
                .answer();

        assertThat(answer).endsWith(CONNACK_FRAME);
    }

    @Test
    @DisplayName("[5.0/MQTT-6.0.0-2] [3.1.1/MQTT-6.0.0-2] takes a packet split over frames of one byte [A47]")
    void oneByteFrames() {
        upgrades();
        StringBuilder frames = new StringBuilder();
        String octets = CONNECT.replace(" ", "");
        for (int i = 0; i < octets.length(); i += 2) {
            frames.append("82 81 00000000 ").append(octets, i, i + 2);
        }

        assertThat(device.sends(frames.toString()).answer()).isEqualTo(CONNACK_FRAME);
    }

    @Test
    @DisplayName("takes a message in fragments, with a ping between them that is answered")
    void fragments() {
        upgrades();

        String answer = device.sends("02 88 00000000 10 0E 0004 4D515454")
                .sends("89 82 01010101 6867")
                .sends("80 88 00000000 04 02 000A 0002 6431")
                .answer();

        assertThat(answer).isEqualTo("8A026966" + CONNACK_FRAME);
    }

    @Test
    @DisplayName("[5.0/MQTT-6.0.0-2] takes several packets in one frame, masked")
    void severalPackets() {
        upgrades();

        String answer = device.sends("82 94 FFFFFFFF EF F1 FFFB B2AEABAB FB FD FFF5 FFFD 9BCE 3FFF 3FFF")
                .answer();

        assertThat(answer).isEqualTo("8208" + "20020000" + "D000D000");
    }

    @Test
    @DisplayName("[5.0/MQTT-6.0.0-1] is closed with 1003 for a text frame [A47]")
    void textFrame() {
        upgrades();

        assertThat(device.sends("81 81 00000000 78").answer()).isEqualTo("880203EB");
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "C2 81 00000000 78, 03EA", // an extension nobody agreed to, such as compression
        "82 01 78, 03EA", // not masked
        "83 81 00000000 78, 03EA", // an opcode without meaning
        "80 81 00000000 78, 03EA", // continues nothing
        "82 FF 0000000000010001 00000000, 03F1", // 64 KiB and one byte
        "82 FF 7FFFFFFFFFFFFFFF 00000000, 03F1"
    })
    @DisplayName("is closed with 1002 or 1009 for a frame that breaks the protocol [A47]")
    void brokenFrames(String frame, String status) {
        upgrades();

        assertThat(device.sends(frame).answer()).isEqualTo("8802" + status);
        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.PACKETS_MALFORMED)).isEqualTo(1);
    }

    @Test
    @DisplayName("is answered its closing, and nothing after that is read")
    void deviceCloses() {
        upgrades();

        assertThat(device.sends(CLOSE, CONNECT_FRAME).answer()).isEqualTo("880203E8");
        assertThat(device.isOpen()).isFalse();
        assertThat(device.connections.size()).isZero();
    }

    @Test
    @DisplayName("ends with DISCONNECT as a TCP connection does, and is closed with 1000")
    void disconnect() {
        upgrades();
        device.sends(CONNECT_FRAME).answer();

        assertThat(device.sends("82 82 00000000 E000").answer()).isEqualTo("880203E8");
        assertThat(device.isOpen()).isFalse();
        assertThat(device.count(Counter.CONNECTIONS_CLOSED)).isEqualTo(1);
    }

    @Test
    @DisplayName("is closed for silence by packets, not by pings of WebSocket")
    void keepAlive() {
        upgrades();
        device.sends(CONNECT_FRAME).answer();
        device.pass(14_999);
        device.sends("89 80 00000000");

        device.pass(1);

        assertThat(device.isOpen()).isFalse();
    }
}
