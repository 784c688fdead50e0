// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A devices' side without a network: keeps what is published to it, and shows watchers what the test publishes. */
final class DevicesUnderTest implements DeviceSide {
    final List<Message> published = new CopyOnWriteArrayList<>();
    final Map<TopicFilter, Sink> watchers = new ConcurrentHashMap<>();
    volatile Delivery outcome = Delivery.accepted();

    void publish(Message message) {
        watchers.forEach((filter, watcher) -> {
            if (filter.matches(message.topic())) {
                watcher.offer(message, Acknowledgement.NOBODY);
            }
        });
    }

    @Override
    public Sink publisher() {
        return subscribers();
    }

    @Override
    public Sink subscribers() {
        return (message, acknowledgement) -> {
            published.add(message);
            acknowledgement.complete(outcome);
        };
    }

    @Override
    public @Nullable Message retained(TopicName topic) {
        return null;
    }

    @Override
    public Subscription watch(TopicFilter filter, Sink watcher) {
        watchers.put(filter, watcher);
        return () -> watchers.remove(filter);
    }
}
