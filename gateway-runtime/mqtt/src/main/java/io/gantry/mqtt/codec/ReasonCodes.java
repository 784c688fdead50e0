// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.ReasonCode;
import org.jspecify.annotations.Nullable;

/** The reason codes one type of packet may have when a device sends it. */
final class ReasonCodes {

    private final @Nullable ReasonCode[] byValue = new @Nullable ReasonCode[0x100];

    private ReasonCodes() {}

    static ReasonCodes of(ReasonCode... reasonCodes) {
        ReasonCodes codes = new ReasonCodes();
        for (ReasonCode reasonCode : reasonCodes) {
            codes.byValue[reasonCode.value()] = reasonCode;
        }
        return codes;
    }

    ReasonCode read(PacketBytes in, String packet, Rule rule) {
        int value = in.readByte("Reason Code");
        ReasonCode reasonCode = byValue[value];
        if (reasonCode == null) {
            throw rule.brokenBy(String.format("%s with Reason Code 0x%02X", packet, value));
        }
        return reasonCode;
    }
}
