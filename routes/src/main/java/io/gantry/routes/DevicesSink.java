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
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives each message the Topic Name and the QoS its route says, and offers it to the devices' side. */
final class DevicesSink implements Sink {
    private static final Delivery NO_TOPIC_NAME = new Delivery.Rejected(
            ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a Topic Name out of this message");

    private final ToDevices settings;
    private final @Nullable TopicPattern pattern;
    private final Sink devices;
    private final List<String> names;

    DevicesSink(ToDevices settings, @Nullable TopicPattern pattern, Sink devices) {
        this.settings = settings;
        this.pattern = pattern;
        this.devices = devices;
        this.names = settings.topic().names();
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        Optional<TopicName> topic = topicOf(new MessageValues(message, pattern));
        if (topic.isEmpty()) {
            acknowledgement.complete(NO_TOPIC_NAME);
            return;
        }
        devices.offer(
                new Message(
                        message.id(),
                        topic.get(),
                        message.payload(),
                        settings.qos(),
                        settings.retain(),
                        propertiesOf(message),
                        message.origin(),
                        message.receivedMillis()),
                acknowledgement);
    }

    private Optional<TopicName> topicOf(Values values) {
        Template template = settings.topic();
        boolean wholeName = template.isOneValue();
        for (String name : names) {
            String value = values.value(name);
            if (value == null || !isLegal(value, wholeName)) {
                return Optional.empty();
            }
        }
        String rendered = template.render(values);
        return rendered == null || rendered.startsWith("$") ? Optional.empty() : TopicName.parse(rendered);
    }

    /** A value fills one level and no more, or else a record could choose where in the tree it is published. */
    private static boolean isLegal(String value, boolean wholeName) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '+' || c == '#' || c == 0 || (c == '/' && !wholeName)) {
                return false;
            }
        }
        return true;
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
