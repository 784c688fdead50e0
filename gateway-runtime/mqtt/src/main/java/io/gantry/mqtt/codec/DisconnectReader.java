// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.ProtocolVersion;

/** Reads DISCONNECT [5.0 §3.14]. */
final class DisconnectReader {

    private static final long ALLOWED =
            Property.setOf(Property.SESSION_EXPIRY_INTERVAL, Property.REASON_STRING, Property.USER_PROPERTY);

    /** Those the table lets a client send. */
    private static final ReasonCodes FROM_A_DEVICE = ReasonCodes.of(
            ReasonCode.SUCCESS,
            ReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.MALFORMED_PACKET,
            ReasonCode.PROTOCOL_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
            ReasonCode.TOPIC_ALIAS_INVALID,
            ReasonCode.PACKET_TOO_LARGE,
            ReasonCode.MESSAGE_RATE_TOO_HIGH,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.ADMINISTRATIVE_ACTION,
            ReasonCode.PAYLOAD_FORMAT_INVALID);

    private final PropertyReader properties;

    DisconnectReader(PropertyReader properties) {
        this.properties = properties;
    }

    Disconnect read(PacketBytes in, ProtocolVersion version) {
        if (in.remaining() == 0 || version == ProtocolVersion.V3_1_1) {
            return Disconnect.because(ReasonCode.SUCCESS, null);
        }
        ReasonCode reasonCode = FROM_A_DEVICE.read(in, "DISCONNECT", Rule.DISCONNECT_REASON_CODE);
        PropertyValues values = in.remaining() == 0 ? PropertyValues.NONE : properties.read(in, ALLOWED, "DISCONNECT");
        return new Disconnect(
                reasonCode,
                values.number(Property.SESSION_EXPIRY_INTERVAL),
                values.text(Property.REASON_STRING),
                values.userProperties());
    }
}
