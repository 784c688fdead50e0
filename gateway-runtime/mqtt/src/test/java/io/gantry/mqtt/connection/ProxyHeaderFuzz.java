// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: a byte for the size of the pieces that come at once, then what a trusted proxy sends. */
@DisplayName("Whatever a trusted proxy sends first")
class ProxyHeaderFuzz {

    static Stream<byte[]> seeds() {
        Stream<byte[]> bad = ProxyHeaderTest.bad();
        return Stream.concat(
                        bad,
                        Stream.of(
                                ProxyHeaderTest.text("PROXY TCP4 192.0.2.1 10.0.0.1 50000 1883\r\n"),
                                ProxyHeaderTest.text("PROXY UNKNOWN\r\n"),
                                ProxyHeaderTest.hex(ProxyHeaderTest.SIGNATURE + "2111000C" + ProxyHeaderTest.IPV4)))
                .map(ProxyHeaderFuzz::inPieces);
    }

    private static byte[] inPieces(byte[] header) {
        byte[] input = new byte[header.length + 1];
        input[0] = 7;
        System.arraycopy(header, 0, input, 1, header.length);
        return input;
    }

    /** An exception that no handler has caught would come out of the embedded channel. */
    @DisplayName("nothing passes without a header, a connection without one is closed, and no buffer stays behind")
    @MethodSource("seeds")
    @FuzzTest
    void header(byte[] input) {
        int pieceSize = input.length > 0 ? (input[0] & 0xFF) + 1 : 1;
        byte[] sent = input.length > 0 ? Arrays.copyOfRange(input, 1, input.length) : input;
        ProxiedConnection connection = new ProxiedConnection("10.0.0.1");
        try (connection) {
            boolean passed = !connection.sends(sent, pieceSize).passed().isEmpty();

            boolean begun = sent.length > 0 && (sent[0] == 'P' || sent[0] == 0x0D);
            assertThat(passed && !begun).isFalse();
            assertThat(connection.refused()).isLessThanOrEqualTo(1);
        }
        assertThat(connection.heldBytes()).as("bytes of buffers not released").isZero();
    }
}
