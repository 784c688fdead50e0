// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Qos;
import org.jspecify.annotations.Nullable;

/**
 * What a session owes a device for one PUBLISH: an acknowledgement, once the message has been taken. Completed on any
 * thread; everything else happens on the session's.
 */
public final class Receipt extends Mailbox.Mail implements Acknowledgement {
    private final Mailbox mailbox;
    private final InboundFlow flow;
    private final int packetId;
    private final Qos qos;
    private Device device;
    private @Nullable Delivery outcome;

    Receipt(Mailbox mailbox, InboundFlow flow, Device device, int packetId, Qos qos) {
        this.mailbox = mailbox;
        this.flow = flow;
        this.device = device;
        this.packetId = packetId;
        this.qos = qos;
    }

    @Override
    public void complete(Delivery delivery) {
        outcome = delivery;
        mailbox.post(this);
    }

    @Override
    protected void open() {
        Delivery settled = outcome;
        if (settled != null) {
            flow.settle(this, settled);
        }
    }

    int packetId() {
        return packetId;
    }

    Qos qos() {
        return qos;
    }

    /** The connection that brought the message, or brought it again. */
    Device device() {
        return device;
    }

    void broughtAgainBy(Device other) {
        this.device = other;
    }
}
