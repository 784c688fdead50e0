// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.Hops;

/** Where messages of a source endpoint enter a route: counts them, and lets none in that this gateway has passed on. */
final class Intake implements Entrance {
    private final Sink next;
    private final String gateway;
    private final boolean mayComeBack;
    private final EventCounts<RouteEvent> counts;

    /**
     * Before a route.
     *
     * @param mayComeBack whether what goes on from here may come again, and is to be marked
     */
    Intake(Sink next, String gateway, boolean mayComeBack, EventCounts<RouteEvent> counts) {
        this.next = next;
        this.gateway = gateway;
        this.mayComeBack = mayComeBack;
        this.counts = counts;
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        counts.count(RouteEvent.RECEIVED);
        if (Hops.isOver(message, gateway)) {
            counts.count(RouteEvent.LOOPED);
            acknowledgement.complete(Delivery.cameRound());
            return;
        }
        next.offer(mayComeBack ? Hops.marked(message, gateway) : message, outcome -> {
            counts.count(eventOf(outcome));
            acknowledgement.complete(outcome);
        });
    }

    @Override
    public void refused() {
        counts.count(RouteEvent.REFUSED);
    }

    private static RouteEvent eventOf(Delivery outcome) {
        if (outcome instanceof Delivery.Accepted) {
            return RouteEvent.ACCEPTED;
        }
        return outcome instanceof Delivery.Rejected ? RouteEvent.REJECTED : RouteEvent.UNAVAILABLE;
    }
}
