// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.eclipse.californium.elements.RawDataChannel;

/**
 * Drops datagrams while too many wait to be looked at, as a network does: Californium itself would queue them without a
 * bound. Who needs an answer sends again.
 */
final class Inflow {
    private static final int MOST = 10_000;

    private final IntSupplier waiting;
    private final LongAdder dropped = new LongAdder();

    /**
     * Nothing has come yet.
     *
     * @param waiting how much waits
     */
    Inflow(IntSupplier waiting) {
        this.waiting = waiting;
    }

    /** Stands before a receiver, which may be null to end it. */
    RawDataChannel before(RawDataChannel receiver) {
        return receiver == null
                ? receiver
                : datagram -> {
                    if (waiting.getAsInt() < MOST) {
                        receiver.receiveData(datagram);
                    } else {
                        dropped.increment();
                    }
                };
    }

    /** Datagrams that were dropped. */
    long dropped() {
        return dropped.sum();
    }
}
