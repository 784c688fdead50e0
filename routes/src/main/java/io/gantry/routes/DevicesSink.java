// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.MessageValues;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives each message the Topic Name and the QoS its route says, and offers it to the devices' side. */
final class DevicesSink implements Sink {
    private static final Delivery NO_TOPIC_NAME = new Delivery.Rejected(
            ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a Topic Name out of this message");

    private final ToDevices settings;
    private final @Nullable TopicPattern pattern;
    private final Sink devices;
    private final DeviceTopic topics;

    DevicesSink(ToDevices settings, @Nullable TopicPattern pattern, Sink devices) {
        this.settings = settings;
        this.pattern = pattern;
        this.devices = devices;
        this.topics = new DeviceTopic(settings.topic());
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        Optional<TopicName> topic = topics.of(new MessageValues(message, pattern));
        if (topic.isEmpty()) {
            acknowledgement.complete(NO_TOPIC_NAME);
            return;
        }
        devices.offer(
                new Message(
                        message.id(),
                        topic.get(),
                        message.payload(),
                        settings.qos().of(message),
                        settings.retain().of(message),
                        propertiesOf(message),
                        message.origin(),
                        message.receivedMillis()),
                acknowledgement);
    }

    private MessageProperties propertiesOf(Message message) {
        if (settings.expiry() == null) {
            return message.properties();
        }
        long limit = settings.expiry().toSeconds();
        Long own = message.properties().expirySeconds();
        return message.properties().withExpirySeconds(own == null ? limit : Math.min(own, limit));
    }
}
