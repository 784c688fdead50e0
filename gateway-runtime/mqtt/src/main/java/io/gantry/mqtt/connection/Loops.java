// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.api.security.AccessControl;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.Store;
import io.gantry.mqtt.session.DurableSession;
import io.gantry.mqtt.session.Home;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The event loops of a server. Any thread. */
public final class Loops {
    private final List<Loop> loops = new ArrayList<>();

    /** One for each event loop of the group. */
    public Loops(EventLoopGroup group, Home.Shared shared) {
        AliasBudget aliasBudget =
                new AliasBudget(shared.limits().maxTopicAliasBytes().bytes());
        AddressRates publishRates = new AddressRates(shared.limits().maxPublishRatePerAddress());
        for (EventExecutor executor : group) {
            loops.add(new Loop((EventLoop) executor, shared, aliasBudget, publishRates));
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

    /**
     * Brings back the sessions that were stored. Before the first listener; blocks until all are there.
     *
     * @param gatekeeper says what their owners may do now
     * @return how many
     */
    public int restore(Store store, Gatekeeper gatekeeper, long nowMillis) throws InterruptedException {
        AtomicInteger found = new AtomicInteger();
        store.sessions(state -> {
            found.incrementAndGet();
            restore(store, state, gatekeeper.access(), nowMillis);
        });
        onEach(home -> {}); // no home goes on before all have their sessions
        onEach(Home::restored);
        return found.get();
    }

    private void restore(Store store, SessionState state, AccessControl access, long nowMillis) {
        DurableSession.Start start = DurableSession.Start.found(store, state);
        Loop loop = homeOf(state.session().clientId());
        loop.eventLoop().execute(() -> loop.home().restore(state, start, access, nowMillis));
    }

    private void onEach(Consumer<Home> step) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(loops.size());
        for (Loop loop : loops) {
            loop.eventLoop().execute(() -> {
                step.accept(loop.home());
                done.countDown();
            });
        }
        done.await();
    }
}
