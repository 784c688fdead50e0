// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.mqtt.packet.MalformedPacket;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: {@link FuzzedBytes}. */
@DisplayName("Any bytes of a device")
class PacketsFuzz {

    /** Byte by byte, no packet can have been read from more bytes than are its own. */
    @DisplayName("are the same packets and the same refusal however they are cut, and leave no buffer behind")
    @MethodSource("io.gantry.mqtt.codec.FuzzedBytes#seeds")
    @FuzzTest
    void decoding(byte[] input) {
        FuzzedBytes fuzzed = new FuzzedBytes(input);
        byte[] bytes = fuzzed.bytes();

        List<Object> whole = MeasuredDecoder.decode(bytes, Math.max(1, bytes.length));
        List<Object> cut = MeasuredDecoder.decode(bytes, fuzzed.pieceSizes());
        List<Object> single = MeasuredDecoder.decode(bytes, 1);

        assertThat(comparable(cut)).isEqualTo(comparable(whole));
        assertThat(comparable(single)).isEqualTo(comparable(whole));
        assertThat(whole.stream().limit(Math.max(0, whole.size() - 1)))
                .as("nothing follows a refusal")
                .noneMatch(MalformedPacket.class::isInstance);
    }

    private static List<Object> comparable(List<Object> received) {
        return received.stream().map(PacketsFuzz::comparable).toList();
    }

    /** What a device speaks that speaks no MQTT is guessed from the bytes that are there, so it is left out. */
    private static Object comparable(Object received) {
        return received instanceof MalformedPacket malformed
                ? new MalformedPacket(
                        malformed.version(),
                        malformed.reasonCode(),
                        malformed.detail().replaceFirst(" \\(a.* hello: .*\\)| \\(an HTTP request: .*\\)", ""))
                : received;
    }
}
