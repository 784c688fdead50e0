// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.RefusedPublish;
import java.util.List;

/** Reads PUBLISH [5.0 §3.3]: the packet that matters for speed. Its flags were checked with the fixed header. */
final class PublishReader {

    private static final long ALLOWED =
            PropertyReader.OF_A_MESSAGE | Property.setOf(Property.TOPIC_ALIAS, Property.SUBSCRIPTION_IDENTIFIER);

    private final PropertyReader properties;

    private final TopicReader topics;

    PublishReader(PropertyReader properties, TopicReader topics) {
        this.properties = properties;
        this.topics = topics;
    }

    /** A Publish, or a RefusedPublish when it has more properties than we take. */
    Packet read(PacketBytes in, int flags, ProtocolVersion version) {
        Qos qos = Qos.of(flags >> 1 & 3);
        boolean dup = (flags & 0b1000) != 0;
        boolean retain = (flags & 0b0001) != 0;
        TopicName topic = topics.readOfPublish(in);
        int packetId = qos == Qos.AT_MOST_ONCE ? 0 : SubscriptionReader.readPacketId(in, "PUBLISH");
        PropertyValues values =
                version == ProtocolVersion.V5 ? properties.readAll(in, ALLOWED, "PUBLISH") : PropertyValues.NONE;
        if (values.has(Property.SUBSCRIPTION_IDENTIFIER)) {
            throw Rule.PUBLISH_SUBSCRIPTION_ID.brokenBy("PUBLISH from a device with a Subscription Identifier");
        }
        int topicAlias = (int) values.number(Property.TOPIC_ALIAS, 0);
        if (topicAlias == 0 && values.has(Property.TOPIC_ALIAS)) {
            throw Rule.TOPIC_ALIAS.brokenBy("Topic Alias 0");
        }
        if (topic == null && topicAlias == 0) {
            throw Rule.PUBLISH_TOPIC_EMPTY.brokenBy("PUBLISH with neither a Topic Name nor a Topic Alias");
        }
        MessageProperties messageProperties = PropertyReader.ofMessage(values);
        Publish publish =
                new Publish(packetId, dup, qos, retain, topic, topicAlias, in.readRest(), messageProperties, List.of());
        RejectedPacketException excess = values.excess();
        return excess == null
                ? publish
                : new RefusedPublish(publish, excess.rule().reasonCode());
    }
}
