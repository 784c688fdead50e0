// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import io.gantry.app.restart.RawConnection.Publish;

/** Numbered messages at QoS 1 and 2 in turn, each QoS with a Topic Name of its own; some are to be retained. */
final class NumberedMessages implements ReliablePublisher.Messages {
    private static final int RETAINED_EACH = 10;

    private final String device;
    private final int[] sent = new int[3];
    private int turn;

    NumberedMessages(String device) {
        this.device = device;
    }

    @Override
    public Publish next() {
        int qos = 1 + turn++ % 2;
        int number = ++sent[qos];
        return new Publish(topic(qos), qos, number % RETAINED_EACH == 0, Integer.toString(number));
    }

    String topic(int qos) {
        return "killed/" + device + "/" + qos;
    }

    /** How many were published at a QoS; they are numbered from 1. */
    int sent(int qos) {
        return sent[qos];
    }

    /** The number of the last message at a QoS that was to be retained. */
    int lastRetained(int qos) {
        return sent[qos] / RETAINED_EACH * RETAINED_EACH;
    }
}
