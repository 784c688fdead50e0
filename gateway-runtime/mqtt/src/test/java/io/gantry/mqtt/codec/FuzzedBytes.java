// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.gantry.mqtt.packet.ProtocolVersion;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What a fuzzer has made up for a connection. Its first byte says the version (bit 0) and whether a CONNECT of that
 * version has gone before (bit 1), the next two the sizes of the pieces the bytes come in, by turns; the bytes follow.
 */
final class FuzzedBytes {
    private static final int HEADER = 3;

    private final byte[] input;

    FuzzedBytes(byte[] input) {
        this.input = input;
    }

    /** Every packet and every rejection there is a sample of, as what goes before its bytes makes it readable. */
    static Stream<Arguments> seeds() {
        Stream<Arguments> packets = PacketDecoderTest.samples()
                .map(sample -> seed(sample.name(), sample.version(), sample.bytes()[0] != 0x10, sample.bytes()));
        Stream<Arguments> rejections = RejectionTest.rejections()
                .map(rejection ->
                        seed(rejection.name(), rejection.answered(), rejection.connected() != null, rejection.bytes()));
        return Stream.concat(packets, rejections);
    }

    private static Arguments seed(String name, @Nullable ProtocolVersion version, boolean connected, byte[] bytes) {
        byte first = (byte) ((version == ProtocolVersion.V5 ? 1 : 0) | (connected ? 2 : 0));
        return arguments(named(name, Bytes.join(new byte[] {first, 3, 7}, bytes)));
    }

    ProtocolVersion version() {
        return (at(0) & 1) == 0 ? ProtocolVersion.V3_1_1 : ProtocolVersion.V5;
    }

    /** All that the connection gets. */
    byte[] bytes() {
        byte[] bytes = Arrays.copyOfRange(input, Math.min(HEADER, input.length), input.length);
        return (at(0) & 2) == 0 ? bytes : Bytes.join(Device.connect(version()), bytes);
    }

    /** How many bytes come at once, the first time and every other time, and in between. */
    int[] pieceSizes() {
        return new int[] {at(1) + 1, at(2) + 1};
    }

    private int at(int index) {
        return index < input.length ? input[index] & 0xFF : 0;
    }
}
