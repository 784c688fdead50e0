// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.RefusedPublish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: {@link FuzzedBytes}. */
@DisplayName("Any packet that both a device and a server send")
class RoundTripFuzz {

    @DisplayName("is the same after writing it and reading it again, in as many bytes as were announced")
    @MethodSource("io.gantry.mqtt.codec.FuzzedBytes#seeds")
    @FuzzTest
    void writing(byte[] input) {
        byte[] bytes = new FuzzedBytes(input).bytes();
        for (Object received : MeasuredDecoder.decode(bytes, Math.max(1, bytes.length))) {
            if (received instanceof Packet packet && !(packet instanceof RefusedPublish)) {
                check(packet, new FuzzedBytes(input).version());
            }
        }
    }

    private static void check(Packet received, ProtocolVersion version) {
        Packet packet = asServersSend(received);
        switch (packet.type()) {
            case PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP -> {
                // in both versions
            }
            case DISCONNECT, AUTH -> {
                if (version == ProtocolVersion.V3_1_1) {
                    assertThat(encoded(packet, version)).isEmpty();
                    return;
                }
            }
            default -> {
                return;
            }
        }
        byte[] written = encoded(packet, version);

        assertThat(PacketEncoder.sizeOf(packet, version)).isEqualTo(written.length);
        List<Object> again = MeasuredDecoder.decode(Bytes.join(Device.connect(version), written), 256);
        assertThat(again.get(1)).isEqualTo(packet);
        assertThat(again).hasSize(2).noneMatch(MalformedPacket.class::isInstance);
    }

    /** Only a device says when its session ends. */
    private static Packet asServersSend(Packet packet) {
        return packet instanceof Disconnect device
                ? new Disconnect(device.reasonCode(), null, device.reasonString(), device.userProperties())
                : packet;
    }

    private static byte[] encoded(Packet packet, ProtocolVersion version) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.encode(packet, version, out);
        return ByteBufUtil.getBytes(out);
    }
}
