// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

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

/** A devices' side in memory: gives what is published to who watches, keeps what is retained, and can refuse. */
final class Devices implements DeviceSide {
    final List<Message> published = new CopyOnWriteArrayList<>();
    final Map<TopicName, Message> retained = new ConcurrentHashMap<>();
    final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    volatile Delivery outcome = Delivery.accepted();
    volatile boolean silent;

    record Watcher(TopicFilter filter, Sink sink) {}

    @Override
    public Sink publisher() {
        return this::publish;
    }

    void publish(Message message, Acknowledgement acknowledgement) {
        published.add(message);
        if (message.retain()) {
            retained.put(message.topic(), message);
        }
        watchers.stream()
                .filter(watcher -> watcher.filter.value().equals(message.topic().value()))
                .forEach(watcher -> watcher.sink.offer(message, Acknowledgement.NOBODY));
        if (!silent) {
            acknowledgement.complete(outcome);
        }
    }

    @Override
    public Sink subscribers() {
        return this::publish;
    }

    @Override
    public @Nullable Message retained(TopicName topic) {
        return retained.get(topic);
    }

    @Override
    public Subscription watch(TopicFilter filter, Sink watcher) {
        Watcher added = new Watcher(filter, watcher);
        watchers.add(added);
        return () -> watchers.remove(added);
    }
}
