// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/**
 * An application message on its way through the gateway [5.0 §1.2].
 *
 * @param id the same at every attempt to deliver it
 * @param topic the Topic Name it was published to; for a message from a source endpoint, the name of the place there
 *     (the Kafka topic)
 * @param qos as published
 * @param retain as published
 * @param receivedMillis wall-clock time at which the gateway received it, in milliseconds since 1970
 */
public record Message(
        MessageId id,
        TopicName topic,
        Payload payload,
        Qos qos,
        boolean retain,
        MessageProperties properties,
        Origin origin,
        long receivedMillis) {

    /** Whether the Message Expiry Interval has run out at the given wall-clock time [5.0/MQTT-3.3.2-5]. */
    public boolean isExpiredAt(long nowMillis) {
        Long expiry = properties.expirySeconds();
        return expiry != null && nowMillis - receivedMillis >= expiry * 1_000;
    }

    /** The same at QoS 0. */
    public Message atMostOnce() {
        return new Message(id, topic, payload, Qos.AT_MOST_ONCE, retain, properties, origin, receivedMillis);
    }

    @Override
    public String toString() {
        return "message " + id + " to " + topic + ", QoS " + qos + ", " + payload;
    }
}
