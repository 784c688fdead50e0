// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;

/** What a broker's answer to a PUBLISH means for the message. */
final class Answers {
    static final Delivery TOO_LARGE =
            new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "the message is larger than the remote broker takes");
    static final Delivery NO_ROOM = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "as many messages are under way to the remote broker as may");
    static final Delivery NOT_CONFIRMED = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the remote broker has not confirmed the message");
    static final Delivery QOS_TOO_HIGH =
            whenMended("the remote broker does not take messages of this QoS; max-qos of the endpoint may lower it");
    static final Delivery NO_RETAIN =
            whenMended("the remote broker keeps no Retained Messages; retain of the route may be false");

    private static final Delivery NOT_ALLOWED = whenMended("the remote broker does not let the gateway publish there");
    private static final Delivery QUOTA =
            new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "a quota at the remote broker is exceeded");
    private static final Delivery FAILED = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the remote broker could not take the message");
    private static final Delivery BAD_TOPIC =
            new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "the remote broker does not take the Topic Name");
    private static final Delivery BAD_PAYLOAD = new Delivery.Rejected(
            ReasonCode.PAYLOAD_FORMAT_INVALID, "the payload is not what its Payload Format Indicator says");

    private Answers() {}

    private static Delivery whenMended(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended());
    }

    /** Of a PUBACK, PUBREC or PUBCOMP. That nobody subscribes (0x10) is not the message's fault. */
    static Delivery toPublish(int code) {
        if (code < 0x80) {
            return Delivery.accepted();
        }
        return switch (code) {
            case 0x87 -> NOT_ALLOWED;
            case 0x92 -> NOT_CONFIRMED;
            case 0x90 -> BAD_TOPIC;
            case 0x95 -> TOO_LARGE;
            case 0x97 -> QUOTA;
            case 0x99 -> BAD_PAYLOAD;
            case 0x9A -> NO_RETAIN;
            case 0x9B -> QOS_TOO_HIGH;
            default -> FAILED;
        };
    }
}
