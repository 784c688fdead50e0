// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;

/**
 * The message to publish for a device that is lost [5.0 §3.1.2.5].
 *
 * @param delaySeconds Will Delay Interval, 0 to 4,294,967,295
 */
public record Will(
        TopicName topic, Payload payload, Qos qos, boolean retain, long delaySeconds, MessageProperties properties) {}
