// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import io.gantry.api.security.CallerBans;
import io.gantry.api.security.CallerGate;
import org.jspecify.annotations.Nullable;

/** The devices' side, for those that are devices without speaking MQTT. Any thread. */
public interface DeviceSide {

    /**
     * Publishes as a device does, whose identity is the message's {@link Origin.Device}: routes and subscribers get the
     * message, and it is acknowledged as its routes say.
     */
    Sink publisher();

    /**
     * Publishes as a route does: subscribers get the message, and it is acknowledged when every session that wants it has
     * it, or it is stored for it. It enters no route.
     */
    Sink subscribers();

    /** The Retained Message of a Topic Name; null when there is none. */
    @Nullable Message retained(TopicName topic);

    /**
     * Watches topics in memory, without a session, as a subscription with QoS 0 does: what comes while nobody watches is
     * not kept.
     *
     * @param watcher is given each message on the thread it comes on, so it must only hand it over
     * @return ends it
     */
    Subscription watch(TopicFilter filter, Sink watcher);

    /** What is asked about callers who come under {@code security:}; null when nothing in the file says who may connect. */
    default @Nullable CallerGate gate() {
        return null;
    }

    /** Who may not call, also where nothing in the file says who may connect. */
    default CallerBans bans() {
        return CallerBans.NONE;
    }

    /** What is being watched. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
