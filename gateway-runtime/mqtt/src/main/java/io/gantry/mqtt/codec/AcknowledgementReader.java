// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.PublishAck;

/** Reads PUBACK, PUBREC, PUBREL and PUBCOMP [5.0 §3.4 to §3.7]. */
final class AcknowledgementReader {

    private static final long ALLOWED = Property.setOf(Property.REASON_STRING, Property.USER_PROPERTY);

    private static final ReasonCodes OF_RECEIPT = ReasonCodes.of(
            ReasonCode.SUCCESS,
            ReasonCode.NO_MATCHING_SUBSCRIBERS,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.NOT_AUTHORIZED,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.PACKET_IDENTIFIER_IN_USE,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.PAYLOAD_FORMAT_INVALID);

    private static final ReasonCodes OF_RELEASE =
            ReasonCodes.of(ReasonCode.SUCCESS, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);

    private final PropertyReader properties;

    AcknowledgementReader(PropertyReader properties) {
        this.properties = properties;
    }

    PublishAck read(PacketType type, PacketBytes in, ProtocolVersion version) {
        int packetId = in.readTwoByteInteger("Packet Identifier");
        if (packetId == 0) {
            throw Rule.ACKNOWLEDGED_ID.brokenBy(type + " with Packet Identifier 0");
        }
        // With nothing after the Packet Identifier the Reason Code is Success; in 3.1.1 there never is anything.
        if (in.remaining() == 0 || version == ProtocolVersion.V3_1_1) {
            return PublishAck.of(type, packetId);
        }
        ReasonCode reasonCode = readReasonCode(type, in);
        PropertyValues values = in.remaining() == 0 ? PropertyValues.NONE : properties.read(in, ALLOWED, type.name());
        return new PublishAck(type, packetId, reasonCode, values.text(Property.REASON_STRING));
    }

    private static ReasonCode readReasonCode(PacketType type, PacketBytes in) {
        return switch (type) {
            case PUBACK -> OF_RECEIPT.read(in, "PUBACK", Rule.PUBACK_REASON_CODE);
            case PUBREC -> OF_RECEIPT.read(in, "PUBREC", Rule.PUBREC_REASON_CODE);
            case PUBREL -> OF_RELEASE.read(in, "PUBREL", Rule.PUBREL_REASON_CODE);
            default -> OF_RELEASE.read(in, "PUBCOMP", Rule.PUBCOMP_REASON_CODE);
        };
    }
}
