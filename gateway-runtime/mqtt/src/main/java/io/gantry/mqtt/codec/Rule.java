// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.api.ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
import static io.gantry.api.ReasonCode.MALFORMED_PACKET;
import static io.gantry.api.ReasonCode.PACKET_TOO_LARGE;
import static io.gantry.api.ReasonCode.PROTOCOL_ERROR;
import static io.gantry.api.ReasonCode.QUOTA_EXCEEDED;
import static io.gantry.api.ReasonCode.TOPIC_ALIAS_INVALID;
import static io.gantry.api.ReasonCode.TOPIC_NAME_INVALID;
import static io.gantry.api.ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/**
 * Every rule a packet can break whatever the session's state: the reason code a 5.0 device is told, and the statement of
 * 3.1.1 and of 5.0 behind it. Rules without a number in the specification name its section, our own limits their key.
 */
enum Rule {
    // The fixed header
    PACKET_TYPE(MALFORMED_PACKET, "[3.1.1 §2.2.1]", "[5.0 §2.1.2]"),
    PACKET_DIRECTION(PROTOCOL_ERROR, "[3.1.1 §2.2.1]", "[5.0 §2.1.2]"),
    RESERVED_FLAGS(MALFORMED_PACKET, "[3.1.1/MQTT-2.2.2-2]", "[5.0/MQTT-2.1.3-1]"),
    PUBREL_FLAGS(MALFORMED_PACKET, "MQTT-3.6.1-1"),
    SUBSCRIBE_FLAGS(MALFORMED_PACKET, "MQTT-3.8.1-1"),
    UNSUBSCRIBE_FLAGS(MALFORMED_PACKET, "MQTT-3.10.1-1"),
    DISCONNECT_FLAGS(MALFORMED_PACKET, "MQTT-3.14.1-1"),
    AUTH_FLAGS(MALFORMED_PACKET, "[3.1.1 §2.2.1]", "[5.0/MQTT-3.15.1-1]"),
    PUBLISH_QOS(MALFORMED_PACKET, "MQTT-3.3.1-4"),
    PUBLISH_DUP(MALFORMED_PACKET, "MQTT-3.3.1-2"),
    SIZE(PACKET_TOO_LARGE, "[3.1.1 §2.2.3]", "[5.0/MQTT-3.2.2-15]"),
    FIRST_PACKET(PROTOCOL_ERROR, "MQTT-3.1.0-1"),
    SECOND_CONNECT(PROTOCOL_ERROR, "MQTT-3.1.0-2"),

    // Data types
    LENGTH(MALFORMED_PACKET, "[3.1.1 §2.2.3]", "[5.0 §2.1.4]"),
    INTEGER_LENGTH(MALFORMED_PACKET, "[3.1.1 §2.2.3]", "[5.0 §1.5.5]"),
    INTEGER_SHORTEST(MALFORMED_PACKET, "[3.1.1 §2.2.3]", "[5.0/MQTT-1.5.5-1]"),
    UTF_8(MALFORMED_PACKET, "[3.1.1/MQTT-1.5.3-1]", "[5.0/MQTT-1.5.4-1]"),
    NULL_CHARACTER(MALFORMED_PACKET, "[3.1.1/MQTT-1.5.3-2]", "[5.0/MQTT-1.5.4-2]"),
    CONTROL_CHARACTER(MALFORMED_PACKET, "[3.1.1 §1.5.3]", "[5.0 §1.5.4]"),
    PACKET_ID(MALFORMED_PACKET, "[3.1.1/MQTT-2.3.1-1]", "[5.0/MQTT-2.2.1-3]"),
    ACKNOWLEDGED_ID(MALFORMED_PACKET, "[3.1.1/MQTT-2.3.1-6]", "[5.0/MQTT-2.2.1-5]"),

    // Properties, 5.0 only
    PROPERTY_ALLOWED(MALFORMED_PACKET, "", "[5.0 §2.2.2.2]"),
    PROPERTY_ONCE(PROTOCOL_ERROR, "", "[5.0 §2.2.2.2]"),
    RECEIVE_MAXIMUM(PROTOCOL_ERROR, "", "[5.0 §3.1.2.11.3]"),
    MAXIMUM_PACKET_SIZE(PROTOCOL_ERROR, "", "[5.0 §3.1.2.11.4]"),
    REQUEST_RESPONSE_INFORMATION(PROTOCOL_ERROR, "", "[5.0 §3.1.2.11.6]"),
    REQUEST_PROBLEM_INFORMATION(PROTOCOL_ERROR, "", "[5.0 §3.1.2.11.7]"),
    AUTHENTICATION_DATA(PROTOCOL_ERROR, "", "[5.0 §3.1.2.11.10]"),
    PAYLOAD_FORMAT(PROTOCOL_ERROR, "", "[5.0 §3.3.2.3.2]"),
    TOPIC_ALIAS(TOPIC_ALIAS_INVALID, "", "[5.0/MQTT-3.3.2-8]"),
    RESPONSE_TOPIC(PROTOCOL_ERROR, "", "[5.0/MQTT-3.3.2-14]"),
    RESPONSE_TOPIC_EMPTY(PROTOCOL_ERROR, "", "[5.0/MQTT-4.7.3-1]"),
    PUBLISH_SUBSCRIPTION_ID(PROTOCOL_ERROR, "", "[5.0/MQTT-3.3.4-6]"),
    SUBSCRIPTION_ID(PROTOCOL_ERROR, "", "[5.0 §3.8.2.1.2]"),
    AUTHENTICATION_METHOD(PROTOCOL_ERROR, "", "[5.0 §3.15.2.2.2]"),

    // CONNECT
    PROTOCOL_NAME(MALFORMED_PACKET, "MQTT-3.1.2-1"),
    PROTOCOL_LEVEL(UNSUPPORTED_PROTOCOL_VERSION, "MQTT-3.1.2-2"),
    CONNECT_RESERVED_FLAG(MALFORMED_PACKET, "MQTT-3.1.2-3"),
    WILL_QOS_WITHOUT_WILL(MALFORMED_PACKET, "[3.1.1/MQTT-3.1.2-13]", "[5.0/MQTT-3.1.2-11]"),
    WILL_RETAIN_WITHOUT_WILL(MALFORMED_PACKET, "[3.1.1/MQTT-3.1.2-15]", "[5.0/MQTT-3.1.2-13]"),
    WILL_QOS(MALFORMED_PACKET, "[3.1.1/MQTT-3.1.2-14]", "[5.0/MQTT-3.1.2-12]"),
    PASSWORD_WITHOUT_USER_NAME(MALFORMED_PACKET, "[3.1.1/MQTT-3.1.2-22]", ""),
    CLIENT_ID_LENGTH(CLIENT_IDENTIFIER_NOT_VALID, "[3.1.1/MQTT-3.1.3-9]", "[5.0/MQTT-3.1.3-8]"),
    WILL_TOPIC_WILDCARD(TOPIC_NAME_INVALID, "[3.1.1/MQTT-4.7.1-1]", "[5.0/MQTT-4.7.0-1]"),
    WILL_TOPIC_EMPTY(TOPIC_NAME_INVALID, "MQTT-4.7.3-1"),

    // PUBLISH
    PUBLISH_WILDCARD(TOPIC_NAME_INVALID, "MQTT-3.3.2-2"),
    PUBLISH_TOPIC_EMPTY(PROTOCOL_ERROR, "MQTT-4.7.3-1"),

    // SUBSCRIBE and UNSUBSCRIBE
    SUBSCRIBE_EMPTY(PROTOCOL_ERROR, "[3.1.1/MQTT-3.8.3-3]", "[5.0/MQTT-3.8.3-2]"),
    UNSUBSCRIBE_EMPTY(PROTOCOL_ERROR, "MQTT-3.10.3-2"),
    SUBSCRIBE_RESERVED_BITS(MALFORMED_PACKET, "[3.1.1/MQTT-3.8.3-4]", "[5.0/MQTT-3.8.3-5]"),
    SUBSCRIBE_QOS(PROTOCOL_ERROR, "[3.1.1/MQTT-3.8.3-4]", "[5.0 §3.8.3.1]"),
    RETAIN_HANDLING(PROTOCOL_ERROR, "", "[5.0 §3.8.3.1]"),
    NO_LOCAL_ON_SHARED(PROTOCOL_ERROR, "", "[5.0/MQTT-3.8.3-4]"),

    // Reason codes, 5.0 only
    PUBACK_REASON_CODE(PROTOCOL_ERROR, "", "[5.0/MQTT-3.4.2-1]"),
    PUBREC_REASON_CODE(PROTOCOL_ERROR, "", "[5.0/MQTT-3.5.2-1]"),
    PUBREL_REASON_CODE(PROTOCOL_ERROR, "", "[5.0/MQTT-3.6.2-1]"),
    PUBCOMP_REASON_CODE(PROTOCOL_ERROR, "", "[5.0/MQTT-3.7.2-1]"),
    DISCONNECT_REASON_CODE(PROTOCOL_ERROR, "", "[5.0/MQTT-3.14.2-1]"),
    AUTH_REASON_CODE(PROTOCOL_ERROR, "", "[5.0/MQTT-3.15.2-1]"),

    // Our own limits
    TOPIC_LENGTH(TOPIC_NAME_INVALID, "[max-topic-length]", "[max-topic-length]"),
    TOPIC_LEVELS(TOPIC_NAME_INVALID, "[max-topic-levels]", "[max-topic-levels]"),
    USER_PROPERTIES(QUOTA_EXCEEDED, "[max-user-properties]", "[max-user-properties]"),
    PROPERTY_BYTES(QUOTA_EXCEEDED, "[max-property-bytes]", "[max-property-bytes]");

    private final ReasonCode reasonCode;

    private final String statement311;

    private final String statement5;

    /** A statement that has the same number in both versions. */
    Rule(ReasonCode reasonCode, String statement) {
        this(reasonCode, "[3.1.1/" + statement + "]", "[5.0/" + statement + "]");
    }

    Rule(ReasonCode reasonCode, String statement311, String statement5) {
        this.reasonCode = reasonCode;
        this.statement311 = statement311;
        this.statement5 = statement5;
    }

    /** What a 5.0 device is told. */
    ReasonCode reasonCode() {
        return reasonCode;
    }

    /** The statement as the version spoken numbers it; as 5.0 does while the version is unknown. */
    String statement(@Nullable ProtocolVersion version) {
        return version == ProtocolVersion.V3_1_1 ? statement311 : statement5;
    }

    /** To be thrown by whoever finds the rule broken. */
    RejectedPacketException brokenBy(String found) {
        return new RejectedPacketException(this, found);
    }
}
