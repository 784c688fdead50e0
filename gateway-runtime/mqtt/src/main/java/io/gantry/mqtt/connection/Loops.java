// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.mqtt.session.Home;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/** The event loops of a server. Any thread. */
public final class Loops {
    private final List<Loop> loops = new ArrayList<>();

    /** One for each event loop of the group. */
    public Loops(EventLoopGroup group, Home.Shared shared) {
        for (EventExecutor executor : group) {
            loops.add(new Loop((EventLoop) executor, shared));
        }
    }

    /** Sessions on all loops now. */
    int sessions() {
        int sessions = 0;
        for (Loop loop : loops) {
            sessions += loop.home().sessions();
        }
        return sessions;
    }

    /** Where a Client Identifier lives, always the same. */
    Loop homeOf(ClientId clientId) {
        int hash = clientId.hashCode();
        return loops.get(Math.floorMod(hash ^ hash >>> 16, loops.size()));
    }
}
