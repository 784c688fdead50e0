// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.Uplink;
import io.gantry.api.store.StoreWrite;
import io.gantry.connectors.spi.Hops;
import org.jspecify.annotations.Nullable;

/** Keeps a message out of a route when this gateway has passed it on before. It is acknowledged, and counted. */
final class LoopGuard implements Uplink {
    private final Uplink route;
    private final String gateway;
    private final RouteCounts counts;

    LoopGuard(Uplink route, String gateway, RouteCounts counts) {
        this.route = route;
        this.gateway = gateway;
        this.counts = counts;
    }

    @Override
    public boolean stores(Qos qos) {
        return route.stores(qos);
    }

    @Override
    public @Nullable Acknowledgement put(Message message, StoreWrite write) {
        if (Hops.isOver(message, gateway)) {
            counts.count(RouteEvent.LOOPED);
            return Acknowledgement.NOBODY;
        }
        return route.put(message, write);
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        if (Hops.isOver(message, gateway)) {
            counts.count(RouteEvent.LOOPED);
            acknowledgement.complete(Delivery.accepted());
        } else {
            route.offer(message, acknowledgement);
        }
    }
}
