// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.MessageId;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.store.WriteOrder;
import java.time.Clock;

/** Servers on real sockets, without listeners, whose store is in memory. */
public final class TestServers {
    private TestServers() {}

    /** Everybody may do everything, within the limits of a fresh install. */
    public static MqttServer open() {
        return with(TestLimits.defaults());
    }

    public static MqttServer with(LimitSettings limits) {
        return start(limits, Gatekeeping.OPEN, Sockets.best());
    }

    public static MqttServer with(Gatekeeping gates) {
        return start(TestLimits.defaults(), gates, Sockets.best());
    }

    static MqttServer on(Sockets sockets) {
        return start(TestLimits.defaults(), Gatekeeping.OPEN, sockets);
    }

    private static MqttServer start(LimitSettings limits, Gatekeeping gates, Sockets sockets) {
        WriteOrder order = new WriteOrder(new HeapStore());
        return MqttServer.start(limits, new MessageId.Sequence(1, 1), Clock.systemUTC(), order, gates, sockets);
    }
}
