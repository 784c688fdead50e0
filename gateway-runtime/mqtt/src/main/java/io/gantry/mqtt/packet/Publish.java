// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message on the wire, either way [5.0 §3.3].
 *
 * @param packetId 1 to 65,535; 0 at QoS 0, which has none
 * @param topic null when only a Topic Alias names it
 * @param topicAlias 1 to 65,535; 0 when there is none
 * @param subscriptionIds only towards devices; empty when there are none
 */
public record Publish(
        int packetId,
        boolean dup,
        Qos qos,
        boolean retain,
        @Nullable TopicName topic,
        int topicAlias,
        Payload payload,
        MessageProperties properties,
        List<Integer> subscriptionIds)
        implements Packet {

    @Override
    public PacketType type() {
        return PacketType.PUBLISH;
    }
}
