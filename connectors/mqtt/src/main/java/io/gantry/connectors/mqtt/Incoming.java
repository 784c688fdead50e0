// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that a broker has sent.
 *
 * @param topic as the broker says, which need not be a Topic Name here
 * @param packetId 0 at QoS 0
 * @param responseTopic as the broker says; null for none
 * @param properties without the Response Topic
 * @param subscriptionIds whose the message is; empty when the broker does not say
 */
record Incoming(
        String topic,
        Payload payload,
        Qos qos,
        boolean retain,
        boolean duplicate,
        int packetId,
        @Nullable String responseTopic,
        MessageProperties properties,
        List<Integer> subscriptionIds) {}
