// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.SubAck;
import io.gantry.mqtt.packet.UnsubAck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

/** Input: the choices that make up a packet, whose texts may be such as MQTT cannot carry. */
@DisplayName("Any packet that a server sends")
class AnswersFuzz {
    private static final DecoderLimits LIMITS = new DecoderLimits(1 << 20, 1_000, 65_535, 65_535, 65_535, 1 << 20);

    @DisplayName("is written in as many bytes as announced, and read as what of it MQTT can carry")
    @FuzzTest
    void writing(FuzzedDataProvider data) {
        ProtocolVersion version = data.consumeBoolean() ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
        switch (data.consumeInt(0, 3)) {
            case 0 -> checkConnAck(connAck(data, version), version);
            case 1 -> checkCodes(new SubAck(data.consumeInt(1, 65_535), reasonCodes(data)), 0x90, version);
            case 2 -> checkCodes(new UnsubAck(data.consumeInt(1, 65_535), reasonCodes(data)), 0xB0, version);
            default -> checkPublish(publish(data, version), version);
        }
    }

    private static ConnAck connAck(FuzzedDataProvider data, ProtocolVersion version) {
        ConnAck.Properties properties = new ConnAck.Properties(
                data.consumeInt(1, 65_535),
                data.consumeInt(1, 268_435_460),
                data.consumeInt(0, 65_535),
                data.consumeBoolean() ? null : data.consumeLong(0, 0xFFFF_FFFFL),
                data.consumeBoolean() ? null : data.consumeInt(0, 65_535),
                text(data),
                data.pickValue(Qos.values()),
                data.consumeBoolean(),
                text(data),
                data.consumeBoolean() ? null : Payload.owning(data.consumeBytes(20)));
        boolean refused = data.consumeBoolean();
        return new ConnAck(
                version, data.consumeBoolean(), data.pickValue(ReasonCode.values()), refused ? null : properties);
    }

    private static void checkConnAck(ConnAck connAck, ProtocolVersion version) {
        byte[] written = written(connAck, version);
        if (version == ProtocolVersion.V3_1_1) {
            assertThat(written.length).isIn(0, 4);
            return;
        }
        PacketBytes in = body(written, 0x20);
        assertThat(in.readByte("flags")).isEqualTo(connAck.sessionPresent() ? 1 : 0);
        assertThat(in.readByte("code")).isEqualTo(connAck.reasonCode().value());
        PropertyValues values = new PropertyReader(LIMITS).read(in, -1, "CONNACK");
        in.expectEnd("CONNACK");
        ConnAck.Properties properties = connAck.properties();
        if (properties == null) {
            assertThat(values).isSameAs(PropertyValues.NONE);
            return;
        }
        assertThat(new ConnAck.Properties(
                        (int) values.number(Property.RECEIVE_MAXIMUM, 65_535),
                        (int) values.number(Property.MAXIMUM_PACKET_SIZE, 0),
                        (int) values.number(Property.TOPIC_ALIAS_MAXIMUM, 0),
                        values.number(Property.SESSION_EXPIRY_INTERVAL),
                        integer(values.number(Property.SERVER_KEEP_ALIVE)),
                        values.text(Property.ASSIGNED_CLIENT_IDENTIFIER),
                        Qos.of((int) values.number(Property.MAXIMUM_QOS, 2)),
                        values.number(Property.RETAIN_AVAILABLE, 1) == 1,
                        values.text(Property.AUTHENTICATION_METHOD),
                        values.binary(Property.AUTHENTICATION_DATA)))
                .isEqualTo(new ConnAck.Properties(
                        properties.receiveMaximum(),
                        properties.maximumPacketSize(),
                        properties.topicAliasMaximum(),
                        properties.sessionExpirySeconds(),
                        properties.serverKeepAliveSeconds(),
                        carriable(properties.assignedClientId()),
                        properties.maximumQos(),
                        properties.retainAvailable(),
                        carriable(properties.authenticationMethod()),
                        properties.authenticationData()));
    }

    private static List<ReasonCode> reasonCodes(FuzzedDataProvider data) {
        List<ReasonCode> codes = new ArrayList<>();
        for (int i = data.consumeInt(1, 200); i > 0; i--) {
            codes.add(data.pickValue(ReasonCode.values()));
        }
        return codes;
    }

    private static void checkCodes(Packet answer, int firstByte, ProtocolVersion version) {
        boolean subAck = answer instanceof SubAck;
        List<ReasonCode> codes = subAck ? ((SubAck) answer).reasonCodes() : ((UnsubAck) answer).reasonCodes();
        PacketBytes in = body(written(answer, version), firstByte);
        assertThat(in.readTwoByteInteger("id")).isPositive();
        boolean v5 = version == ProtocolVersion.V5;
        if (v5) {
            assertThat(in.readByte("Property Length")).isZero();
        }
        if (v5 || subAck) {
            for (ReasonCode code : codes) {
                int in311 = code.isFailure() ? 0x80 : code.value();
                assertThat(in.readByte("code")).isEqualTo(v5 ? code.value() : in311);
            }
        }
        in.expectEnd("answer");
    }

    private static Publish publish(FuzzedDataProvider data, ProtocolVersion version) {
        boolean v5 = version == ProtocolVersion.V5;
        Qos qos = data.pickValue(Qos.values());
        int alias = v5 ? data.consumeInt(0, 65_535) : 0;
        MessageProperties properties = new MessageProperties(
                data.consumeBoolean() ? PayloadFormat.TEXT : null,
                data.consumeBoolean() ? data.consumeLong(0, 0xFFFF_FFFFL) : null,
                text(data),
                data.consumeBoolean() ? topic(data) : null,
                data.consumeBoolean() ? Payload.owning(data.consumeBytes(100)) : null,
                List.of(new UserProperty(data.consumeString(20), data.consumeString(20))));
        return new Publish(
                qos == Qos.AT_MOST_ONCE ? 0 : data.consumeInt(1, 65_535),
                qos != Qos.AT_MOST_ONCE && data.consumeBoolean(),
                qos,
                data.consumeBoolean(),
                topic(data),
                alias,
                Payload.owning(data.consumeBytes(1_000)),
                v5 ? properties : MessageProperties.NONE,
                List.of());
    }

    private static void checkPublish(Publish publish, ProtocolVersion version) {
        MessageProperties properties = publish.properties();
        Publish expected = new Publish(
                publish.packetId(),
                publish.dup(),
                publish.qos(),
                publish.retain(),
                publish.topic(),
                publish.topicAlias(),
                publish.payload(),
                new MessageProperties(
                        properties.payloadFormat(),
                        properties.expirySeconds(),
                        carriable(properties.contentType()),
                        properties.responseTopic(),
                        properties.correlationData(),
                        properties.userProperties().stream()
                                .filter(each -> carriable(each.name()) != null && carriable(each.value()) != null)
                                .toList()),
                List.of());
        byte[] written = written(publish, version);

        int flags = written[0] & 0x0F;
        Packet read = new PublishReader(new PropertyReader(LIMITS), new TopicReader(LIMITS))
                .read(body(written, 0x30 | flags), flags, version);
        assertThat(read).isEqualTo(expected);
    }

    private static TopicName topic(FuzzedDataProvider data) {
        return TopicName.parse(data.consumeString(30)).orElseGet(() -> new TopicName("t"));
    }

    private static @Nullable String text(FuzzedDataProvider data) {
        return data.consumeBoolean() ? data.consumeString(40) : null;
    }

    private static @Nullable Integer integer(@Nullable Long number) {
        return number == null ? null : (Integer) number.intValue();
    }

    /** The text, unless it has a character that strict receivers close the connection for. */
    private static @Nullable String carriable(@Nullable String text) {
        boolean refused = text == null
                || text.codePoints()
                        .anyMatch(c -> Character.getType(c) == Character.CONTROL
                                || Character.getType(c) == Character.SURROGATE
                                || (c >= 0xFDD0 && c <= 0xFDEF)
                                || c % 0x10000 >= 0xFFFE);
        return refused ? null : text;
    }

    private static byte[] written(Packet packet, ProtocolVersion version) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.encode(packet, version, out);
        assertThat(PacketEncoder.sizeOf(packet, version)).isEqualTo(out.readableBytes());
        return ByteBufUtil.getBytes(out);
    }

    /** What follows the fixed header, which must be as long as it says. */
    private static PacketBytes body(byte[] written, int firstByte) {
        PacketBytes in = new PacketBytes();
        in.wrap(Unpooled.wrappedBuffer(written), 0, written.length);
        assertThat(in.readByte("type")).isEqualTo(firstByte);
        assertThat(in.readVariableByteInteger("Remaining Length")).isEqualTo(in.remaining());
        return in;
    }
}
