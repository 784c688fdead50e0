// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Packets from a device")
class PacketDecoderTest {

    static Stream<Sample> samples() {
        return Stream.of(ConnectSamples.all(), PublishSamples.all(), OtherSamples.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    @DisplayName("are read when they come in one piece")
    void inOnePiece(Sample sample) {
        try (Device device = deviceFor(sample)) {
            assertThat(device.send(sample.bytes())).containsExactly(sample.packet());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    @DisplayName("are read when they come byte by byte")
    void byteByByte(Sample sample) {
        try (Device device = deviceFor(sample)) {
            assertThat(device.sendByteByByte(sample.bytes())).containsExactly(sample.packet());
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(ProtocolVersion.class)
    @DisplayName("are read in their order when they come glued together, however the pieces are cut")
    void glued(ProtocolVersion version) {
        List<Packet> expected = new ArrayList<>();
        byte[] all = Device.connect(version);
        for (Sample sample : samples().toList()) {
            if (sample.version() == version && !(sample.packet() instanceof Connect)) {
                all = Bytes.join(all, sample.bytes());
                expected.add(sample.packet());
            }
        }

        for (int size = 1; size <= all.length; size++) {
            List<Object> received = inPieces(all, size);

            assertThat(received).first().isInstanceOf(Connect.class);
            assertThat(received.subList(1, received.size()))
                    .as("pieces of %d bytes", size)
                    .isEqualTo(expected);
        }
    }

    private static List<Object> inPieces(byte[] all, int size) {
        List<Object> received = new ArrayList<>();
        try (Device device = new Device()) {
            for (int from = 0; from < all.length; from += size) {
                received.addAll(device.send(Arrays.copyOfRange(all, from, Math.min(all.length, from + size))));
            }
        }
        return received;
    }

    private static Device deviceFor(Sample sample) {
        return sample.packet() instanceof Connect ? new Device() : Device.connected(sample.version());
    }
}
