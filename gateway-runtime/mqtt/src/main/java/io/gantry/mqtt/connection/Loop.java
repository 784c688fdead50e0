// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.session.Home;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** An event loop with its sessions and the connections whose packets wait to be flushed. Used on the loop's thread only. */
final class Loop {
    private final EventLoop eventLoop;
    private final Home home;
    private final AliasBudget aliasBudget;
    private final AddressRates publishRates;
    private List<Outlet> unflushed = new ArrayList<>();
    private List<Outlet> flushing = new ArrayList<>();

    Loop(EventLoop eventLoop, Home.Shared shared, AliasBudget aliasBudget, AddressRates publishRates) {
        this.eventLoop = eventLoop;
        this.home = new Home(eventLoop, eventLoop::inEventLoop, shared);
        this.aliasBudget = aliasBudget;
        this.publishRates = publishRates;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Home home() {
        return home;
    }

    /** Shared by all loops. */
    AliasBudget aliasBudget() {
        return aliasBudget;
    }

    /** The same. */
    AddressRates publishRates() {
        return publishRates;
    }

    /** Flushes the outlet once the loop has done what it is doing: many packets become one write. */
    void flushLater(Outlet outlet) {
        if (unflushed.isEmpty()) {
            eventLoop.execute(this::flushAll);
        }
        unflushed.add(outlet);
    }

    private void flushAll() {
        List<Outlet> now = unflushed;
        unflushed = flushing;
        flushing = now;
        now.forEach(Outlet::flush);
        now.clear();
    }
}
