// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.Publish;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Topic Aliases the gateway has set on a connection [5.0 §3.3.2.3.4]. The first topics get them and keep them until the
 * connection ends: a device hears of few topics, and what it never hears again is not worth a list of uses.
 */
final class AssignedAliases {
    private static final int MOST = 32;

    /** An alias takes 3 bytes itself. */
    private static final int LONGEST_WITHOUT = 3;

    private final int most;
    private final Map<TopicName, Integer> aliases = new HashMap<>(0);

    /**
     * None set yet.
     *
     * @param maximum the device's Topic Alias Maximum
     */
    AssignedAliases(int maximum) {
        this.most = Math.min(maximum, MOST);
    }

    /** The packet with the alias in place of its topic, when the device knows it [5.0/MQTT-3.1.2-26]. */
    Publish apply(Publish publish) {
        TopicName topic = publish.topic();
        Integer alias = most == 0 || topic == null ? null : aliases.get(topic);
        return alias == null ? publish : with(publish, null, alias);
    }

    /** Whether the packet's topic has no alias and may get one. */
    boolean mayAssign(Publish publish) {
        TopicName topic = publish.topic();
        return topic != null
                && aliases.size() < most
                && topic.value().length() > LONGEST_WITHOUT
                && !aliases.containsKey(topic);
    }

    /** The packet that tells the device of an alias for its topic. */
    Publish assigning(Publish publish) {
        return with(publish, publish.topic(), aliases.size() + 1);
    }

    /** The packet is on its way: its alias is known from now on. */
    void assign(Publish assigning) {
        TopicName topic = assigning.topic();
        if (topic != null) {
            aliases.put(topic, assigning.topicAlias());
        }
    }

    private static Publish with(Publish publish, @Nullable TopicName topic, int alias) {
        return new Publish(
                publish.packetId(),
                publish.dup(),
                publish.qos(),
                publish.retain(),
                topic,
                alias,
                publish.payload(),
                publish.properties(),
                publish.subscriptionIds());
    }
}
