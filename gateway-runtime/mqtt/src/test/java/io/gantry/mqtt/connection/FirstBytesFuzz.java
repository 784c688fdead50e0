// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.mqtt.TestLimits;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Input: a byte that says whether the connection is a WebSocket (bit 0) and is upgraded before (bit 1), a byte for the
 * size of the pieces that come at once, then all that is sent.
 */
@DisplayName("Whatever a new connection sends first")
class FirstBytesFuzz {
    private static final String HEADERS = " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: mqtt\r\n";
    private static final String UPGRADE = "GET /mqtt" + HEADERS + "\r\n";
    private static final String CONNECT_311 = "100E00044D5154540402000A00026431";
    private static final String CONNECT_5 = "100F00044D5154540502000A0000026432";
    private static final int TCP = 0;
    private static final int WEB_SOCKET = 1;
    private static final int UPGRADED = 3;

    static Stream<Arguments> seeds() {
        return Stream.of(
                seed("CONNECT of 3.1.1, PUBLISH, DISCONNECT", TCP, CONNECT_311 + "3004000161FF" + "E000"),
                seed("CONNECT of 5.0, SUBSCRIBE, PINGREQ", TCP, CONNECT_5 + "8207000100000161 02" + "C000"),
                seed("[A1] a packet of 256 MiB", TCP, "10FFFFFF7F"),
                seed("[A4] an HTTP request", TCP, hex("GET / HTTP/1.1\r\n\r\n")),
                seed("[A4] a TLS hello", TCP, "160301020001"),
                seed("[A5] two CONNECTs", TCP, CONNECT_5 + CONNECT_5),
                seed("[A6] level 6", TCP, "100D00044D5154540602000A0000 00"),
                seed("[A11] a Client Identifier with U+0000", TCP, "100D00044D5154540402000A000100"),
                seed("[A45] CONNECT with an Authentication Method", TCP, "101300044D5154540502000A041500016D00026432"),
                seed("an upgrade and CONNECT in one", WEB_SOCKET, hex(UPGRADE) + "829000000000" + CONNECT_311),
                seed(
                        "[A47] an upgrade with an Origin",
                        WEB_SOCKET,
                        hex("GET /mqtt" + HEADERS + "Origin: http://x\r\n\r\n")),
                seed("an upgrade of another path", WEB_SOCKET, hex("GET /" + HEADERS + "\r\n")),
                seed("a request with a body", WEB_SOCKET, hex("POST /mqtt HTTP/1.1\r\nContent-Length: 9\r\n\r\n123")),
                seed("CONNECT in one frame", UPGRADED, "829000000000" + CONNECT_311),
                seed(
                        "CONNECT in two frames",
                        UPGRADED,
                        "028100000000" + "10" + "808F00000000" + CONNECT_311.substring(2)),
                seed(
                        "CONNECT, ping, close",
                        UPGRADED,
                        "829000000000" + CONNECT_311 + "898100000000AA" + "888000000000"),
                seed("[A47] a text frame", UPGRADED, "818100000000" + "61"),
                seed("[A47] a frame without a mask", UPGRADED, "8210" + CONNECT_311),
                seed("[A47] a compressed frame", UPGRADED, "C28100000000" + "61"),
                seed("[A47] a frame of 2^63 bytes", UPGRADED, "82FF8000000000000000"));
    }

    private static Arguments seed(String name, int transport, String hex) {
        return arguments(
                named(name, HexFormat.of().parseHex(String.format("%02X0A", transport) + hex.replace(" ", ""))));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An exception that no handler has caught would come out of the embedded channel. */
    @DisplayName("it ends in order, within its deadlines, and no buffer stays behind")
    @MethodSource("seeds")
    @FuzzTest
    void firstBytes(byte[] input) {
        int transport = input.length > 0 ? input[0] & UPGRADED : TCP;
        int pieceSize = input.length > 1 ? (input[1] & 0xFF) + 1 : 1;
        @Nullable List<String> origins = (transport & WEB_SOCKET) == 0 ? null : List.of("https://panel.example");
        TestConnection device = new TestConnection(TestLimits.withWindows(2, 2), origins);
        try (device) {
            if (transport == UPGRADED) {
                assertThat(device.sends(hex(UPGRADE)).answerText()).startsWith("HTTP/1.1 101 ");
            }
            int from = 2;
            while (from < input.length && device.isOpen()) {
                int to = Math.min(input.length, from + pieceSize);
                device.sends(HexFormat.of().formatHex(input, from, to));
                from = to;
            }

            // the deadline for CONNECT, and one and a half times the longest Keep Alive
            device.pass(10_000);
            device.answer();
            device.pass(5_400_000);

            device.answer();
            assertThat(device.isOpen()).isFalse();
        }
        assertThat(device.heldBytes()).as("bytes of buffers not released").isZero();
    }
}
