// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Qos;

/**
 * What a session owes a device for one PUBLISH: an acknowledgement, once the message has been taken. Completed on any
 * thread; everything else happens on the session's.
 */
public final class Receipt extends DeliveryMail {
    private final InboundFlow flow;
    private final int packetId;
    private final Qos qos;
    private Device device;

    Receipt(Mailbox mailbox, InboundFlow flow, Device device, int packetId, Qos qos) {
        super(mailbox);
        this.flow = flow;
        this.device = device;
        this.packetId = packetId;
        this.qos = qos;
    }

    @Override
    void onSettled(Delivery delivery) {
        flow.settle(this, delivery);
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
