// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/** Ends the reading of a packet that breaks a {@link Rule}. Never leaves this package; has no stack trace. */
final class RejectedPacketException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Rule rule;

    private final String found;

    RejectedPacketException(Rule rule, String found) {
        super(found, null, false, false);
        this.rule = rule;
        this.found = found;
    }

    Rule rule() {
        return rule;
    }

    /** What was found and the statement it breaks, in the numbering of the version spoken. */
    String detail(@Nullable ProtocolVersion version) {
        return found + " " + rule.statement(version);
    }
}
