// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import java.util.function.IntSupplier;
import org.eclipse.californium.elements.RawDataChannel;

/**
 * Drops datagrams while too many wait to be looked at, as a network does: Californium itself would queue them without a
 * bound. Who needs an answer sends again.
 */
final class Inflow {
    private static final int MOST = 10_000;

    private final IntSupplier waiting;
    private final EventCounts<EndpointEvent> counts;

    /**
     * Nothing has come yet.
     *
     * @param waiting how much waits
     */
    Inflow(IntSupplier waiting, EventCounts<EndpointEvent> counts) {
        this.waiting = waiting;
        this.counts = counts;
    }

    /** Stands before a receiver, which may be null to end it. */
    RawDataChannel before(RawDataChannel receiver) {
        return receiver == null
                ? receiver
                : datagram -> {
                    if (waiting.getAsInt() < MOST) {
                        receiver.receiveData(datagram);
                    } else {
                        counts.count(EndpointEvent.DROPPED);
                    }
                };
    }
}
