// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Qos;
import org.jspecify.annotations.Nullable;

/** One message to a device that has a packet identifier. */
final class InFlight {
    /** Its place in the stored queue; 0 when it is not stored. */
    final long sequence;

    /** The message; null while it is in the store alone, and once the device has it. */
    @Nullable Outgoing outgoing;

    /** The device has sent PUBREC. */
    boolean received;

    boolean sentBefore;
    boolean onTheWire;

    InFlight(Outgoing outgoing) {
        this.outgoing = outgoing;
        this.sequence = outgoing.sequence();
    }

    /** One that was in flight before the gateway started. */
    InFlight(long sequence, boolean received) {
        this.sequence = sequence;
        this.received = received;
        this.sentBefore = true;
    }

    boolean isOf(Qos qos) {
        return outgoing != null && outgoing.qos() == qos;
    }
}
