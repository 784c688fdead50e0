// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Packets that both a device and a server may send, made up from a seed. */
final class RandomPackets {

    private static final int[] CODE_POINTS = {
        'a', 'Z', '0', ' ', '~', '$', 0xA0, 0xE9, 0x7FF, 0x800, 0x20AC, 0xFEFF, 0xFFFD, 0x10000, 0x1F600, 0x10FFFD
    };

    private static final List<PacketType> ACKNOWLEDGEMENTS =
            List.of(PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP);

    private final Random random;

    private final ProtocolVersion version;

    RandomPackets(Random random, ProtocolVersion version) {
        this.random = random;
        this.version = version;
    }

    Packet next() {
        boolean v5 = version == ProtocolVersion.V5;
        return switch (random.nextInt(v5 ? 5 : 3)) {
            case 0, 1 -> publish(v5);
            case 2 -> acknowledgement(v5);
            case 3 -> new Disconnect(ReasonCode.QUOTA_EXCEEDED, null, maybeText(), userProperties());
            default -> new Auth(ReasonCode.CONTINUE_AUTHENTICATION, text(), maybeBinary(), maybeText());
        };
    }

    private Publish publish(boolean v5) {
        Qos qos = Qos.of(random.nextInt(3));
        int alias = v5 && random.nextBoolean() ? 1 + random.nextInt(65_535) : 0;
        boolean unnamed = alias != 0 && random.nextBoolean();
        return new Publish(
                qos == Qos.AT_MOST_ONCE ? 0 : packetId(),
                qos != Qos.AT_MOST_ONCE && random.nextBoolean(),
                qos,
                random.nextBoolean(),
                unnamed ? null : topic(),
                alias,
                Payload.owning(bytes(random.nextInt(300))),
                v5 && random.nextBoolean() ? properties() : MessageProperties.NONE,
                List.of());
    }

    private PublishAck acknowledgement(boolean v5) {
        PacketType type = ACKNOWLEDGEMENTS.get(random.nextInt(ACKNOWLEDGEMENTS.size()));
        if (!v5 || random.nextBoolean()) {
            return PublishAck.of(type, packetId());
        }
        boolean ofReceipt = type == PacketType.PUBACK || type == PacketType.PUBREC;
        ReasonCode failure = ofReceipt ? ReasonCode.QUOTA_EXCEEDED : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        return new PublishAck(type, packetId(), random.nextBoolean() ? failure : ReasonCode.SUCCESS, maybeText());
    }

    private MessageProperties properties() {
        return new MessageProperties(
                random.nextBoolean() ? PayloadFormat.TEXT : null,
                random.nextBoolean() ? random.nextLong(1L << 32) : null,
                maybeText(),
                random.nextBoolean() ? topic() : null,
                maybeBinary(),
                userProperties());
    }

    private List<UserProperty> userProperties() {
        List<UserProperty> userProperties = new ArrayList<>();
        for (int i = random.nextInt(Device.LIMITS.maxUserProperties() + 1); i > 0; i--) {
            userProperties.add(new UserProperty(text(), text()));
        }
        return userProperties;
    }

    private TopicName topic() {
        return new TopicName("/".repeat(random.nextInt(Device.LIMITS.maxTopicLevels() - 1)) + "t" + text());
    }

    private @Nullable String maybeText() {
        return random.nextBoolean() ? text() : null;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }

    private @Nullable Payload maybeBinary() {
        return random.nextBoolean() ? Payload.owning(bytes(random.nextInt(20))) : null;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private int packetId() {
        return 1 + random.nextInt(65_535);
    }
}
