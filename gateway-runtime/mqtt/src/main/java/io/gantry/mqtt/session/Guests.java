// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.CallerBans;
import io.gantry.api.security.CallerGate;
import org.jspecify.annotations.Nullable;

/** Devices without a session and without MQTT, which other connectors let in. */
public final class Guests implements DeviceSide {
    private static final Delivery NOT_THEIRS =
            new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "topics that start with $ are the gateway's own");

    private static final Delivery OVERLOADED =
            new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "the gateway is overloaded");

    private final Distributor distributor;
    private final Overload overload;
    private final @Nullable CallerGate gate;
    private final CallerBans bans;

    /**
     * Of the devices that a distributor serves, while there is no overload.
     *
     * @param gate null when there is none
     */
    public Guests(Distributor distributor, Overload overload, @Nullable CallerGate gate, CallerBans bans) {
        this.distributor = distributor;
        this.overload = overload;
        this.gate = gate;
        this.bans = bans;
    }

    @Override
    public @Nullable CallerGate gate() {
        return gate;
    }

    @Override
    public CallerBans bans() {
        return bans;
    }

    @Override
    public Sink publisher() {
        return (message, acknowledgement) -> {
            if (message.topic().value().startsWith("$")) {
                acknowledgement.complete(NOT_THEIRS);
            } else if (overload.isShedding()) {
                acknowledgement.complete(OVERLOADED);
            } else {
                distributor.fromDevice(message, null, null, acknowledgement);
            }
        };
    }

    @Override
    public Sink subscribers() {
        return distributor::fromRoute;
    }

    @Override
    public @Nullable Message retained(TopicName topic) {
        return TopicFilter.parse(topic.value())
                .map(filter -> distributor.retained(filter).get(topic))
                .orElse(null);
    }

    @Override
    public Subscription watch(TopicFilter filter, Sink watcher) {
        return distributor.watch(filter, watcher);
    }
}
