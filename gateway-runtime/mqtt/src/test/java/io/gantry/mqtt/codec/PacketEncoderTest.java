// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Packets to a device")
class PacketEncoderTest {

    static Stream<Sample> samples() {
        return Stream.of(AnswerSamples.all(), DeliverySamples.all()).flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("samples")
    @DisplayName("are written in their shortest form, and the size told before is theirs")
    void written(Sample sample) {
        byte[] bytes = encode(sample.packet(), sample.version());

        assertThat(ByteBufUtil.hexDump(bytes)).isEqualTo(ByteBufUtil.hexDump(sample.bytes()));
        assertThat(PacketEncoder.sizeOf(sample.packet(), sample.version())).isEqualTo(bytes.length);
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @DisplayName("[3.1.1 §3.2.2.3] are refusals with the nearest Connect Return code")
    @CsvSource({
        "UNSUPPORTED_PROTOCOL_VERSION, 1",
        "CLIENT_IDENTIFIER_NOT_VALID, 2",
        "SERVER_UNAVAILABLE, 3",
        "SERVER_BUSY, 3",
        "SERVER_SHUTTING_DOWN, 3",
        "QUOTA_EXCEEDED, 3",
        "USE_ANOTHER_SERVER, 3",
        "SERVER_MOVED, 3",
        "CONNECTION_RATE_EXCEEDED, 3",
        "BAD_USER_NAME_OR_PASSWORD, 4",
        "NOT_AUTHORIZED, 5",
        "BANNED, 5",
        "BAD_AUTHENTICATION_METHOD, 5"
    })
    void returnCodes(ReasonCode reasonCode, byte returnCode) {
        byte[] bytes = encode(ConnAck.refusal(V3_1_1, reasonCode), V3_1_1);

        assertThat(bytes).containsExactly(0x20, 2, 0, returnCode);
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("[3.1.1/MQTT-3.2.2-6] are nothing when no Connect Return code fits")
    @EnumSource(
            value = ReasonCode.class,
            names = {"MALFORMED_PACKET", "PROTOCOL_ERROR", "TOPIC_NAME_INVALID", "PACKET_TOO_LARGE", "QOS_NOT_SUPPORTED"
            })
    void noReturnCode(ReasonCode reasonCode) {
        ConnAck refusal = ConnAck.refusal(V3_1_1, reasonCode);

        assertThat(encode(refusal, V3_1_1)).isEmpty();
        assertThat(PacketEncoder.sizeOf(refusal, V3_1_1)).isZero();
    }

    @Test
    @DisplayName("are those of a server only")
    void serverPacketsOnly() {
        assertThatThrownBy(() -> encode(Ping.REQUEST, V5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a server does not send PINGREQ");
        assertThatThrownBy(() -> PacketEncoder.sizeOf(Ping.REQUEST, V3_1_1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "payload of {0} bytes")
    @ValueSource(ints = {0, 121, 122, 123, 16_377, 16_378, 16_379, 2_097_144, 2_097_145})
    @DisplayName("[5.0/MQTT-1.5.5-1] have a Remaining Length in its shortest form around each of its steps")
    void remainingLength(int payloadSize) {
        Publish publish = publish("abc", new byte[payloadSize], MessageProperties.NONE);
        int remaining = 2 + 3 + 1 + payloadSize;
        int header = remaining < 128 ? 2 : remaining < 16_384 ? 3 : remaining < 2_097_152 ? 4 : 5;

        byte[] bytes = encode(publish, V5);

        assertThat(bytes).hasSize(header + remaining);
        assertThat(PacketEncoder.sizeOf(publish, V5)).isEqualTo(bytes.length);
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-1.5.4-1] [5.0/MQTT-1.5.4-2] leave out properties that MQTT cannot carry, and keep the others")
    void uncarriableProperties() {
        MessageProperties dirty = new MessageProperties(
                null,
                null,
                "te\0xt",
                null,
                Payload.owning(new byte[65_536]),
                List.of(
                        new UserProperty("null", "\0"),
                        new UserProperty("lone high surrogate", "\uD800"),
                        new UserProperty("\uDC00 lone low surrogate", ""),
                        new UserProperty("good", "\uD83D\uDE00"),
                        new UserProperty("newline", "a\nb"),
                        new UserProperty("non-character", "\uFFFF"),
                        new UserProperty("too long", "€".repeat(21_846))));
        MessageProperties clean =
                new MessageProperties(null, null, null, null, null, List.of(new UserProperty("good", "\uD83D\uDE00")));

        byte[] bytes = encode(publish("t", new byte[1], dirty), V5);

        assertThat(bytes).isEqualTo(encode(publish("t", new byte[1], clean), V5));
        assertThat(PacketEncoder.sizeOf(publish("t", new byte[1], dirty), V5)).isEqualTo(bytes.length);
    }

    @Test
    @DisplayName("[5.0/MQTT-4.7.3-3] carry a Topic Name of 65,535 bytes")
    void longestTopic() {
        byte[] bytes = encode(publish("€".repeat(21_845), new byte[0], MessageProperties.NONE), V5);

        assertThat(bytes).hasSize(4 + 2 + 65_535 + 1).startsWith(0x30, 0x82, 0x80, 0x04, 0xFF, 0xFF);
    }

    private static Publish publish(String topic, byte[] payload, MessageProperties properties) {
        return new Publish(
                0,
                false,
                Qos.AT_MOST_ONCE,
                false,
                new TopicName(topic),
                0,
                Payload.owning(payload),
                properties,
                List.of());
    }

    private static byte[] encode(Packet packet, ProtocolVersion version) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.encode(packet, version, out);
        return ByteBufUtil.getBytes(out);
    }
}
