// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.Auth;

/** Reads AUTH [5.0 §3.15], which 3.1.1 does not have. */
final class AuthReader {

    private static final long ALLOWED = Property.setOf(
            Property.AUTHENTICATION_METHOD,
            Property.AUTHENTICATION_DATA,
            Property.REASON_STRING,
            Property.USER_PROPERTY);

    /** Success is the server's to send. */
    private static final ReasonCodes FROM_A_DEVICE =
            ReasonCodes.of(ReasonCode.CONTINUE_AUTHENTICATION, ReasonCode.RE_AUTHENTICATE);

    private final PropertyReader properties;

    AuthReader(PropertyReader properties) {
        this.properties = properties;
    }

    Auth read(PacketBytes in) {
        if (in.remaining() == 0) {
            throw Rule.AUTH_REASON_CODE.brokenBy("AUTH without a Reason Code, which means Success");
        }
        ReasonCode reasonCode = FROM_A_DEVICE.read(in, "AUTH", Rule.AUTH_REASON_CODE);
        PropertyValues values = properties.read(in, ALLOWED, "AUTH");
        String method = values.text(Property.AUTHENTICATION_METHOD);
        if (method == null) {
            throw Rule.AUTHENTICATION_METHOD.brokenBy("AUTH without an Authentication Method");
        }
        return new Auth(
                reasonCode, method, values.binary(Property.AUTHENTICATION_DATA), values.text(Property.REASON_STRING));
    }
}
