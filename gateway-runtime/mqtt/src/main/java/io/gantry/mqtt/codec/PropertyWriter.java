// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Publish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the properties of the packets a server sends [5.0 §2.2.2]. Null leaves a property out, and so does a text or
 * binary value that MQTT cannot carry.
 */
final class PropertyWriter {

    private static final int MOST_BINARY_BYTES = 0xFFFF;

    private PropertyWriter() {}

    static void ofPublish(Wire wire, Publish publish) {
        MessageProperties properties = publish.properties();
        PayloadFormat format = properties.payloadFormat();
        if (format != null) {
            addByte(wire, Property.PAYLOAD_FORMAT_INDICATOR, format == PayloadFormat.TEXT ? 1 : 0);
        }
        addFourByteInteger(wire, Property.MESSAGE_EXPIRY_INTERVAL, properties.expirySeconds());
        if (publish.topicAlias() != 0) {
            addTwoByteInteger(wire, Property.TOPIC_ALIAS, publish.topicAlias());
        }
        addText(wire, Property.CONTENT_TYPE, properties.contentType());
        TopicName responseTopic = properties.responseTopic();
        addText(wire, Property.RESPONSE_TOPIC, responseTopic == null ? null : responseTopic.value());
        addBinary(wire, Property.CORRELATION_DATA, properties.correlationData());
        for (int subscriptionId : publish.subscriptionIds()) {
            wire.addByte(Property.SUBSCRIPTION_IDENTIFIER.identifier());
            wire.addVariableByteInteger(subscriptionId);
        }
        addUserProperties(wire, properties.userProperties());
    }

    /** A value that is the default is left out. */
    static void ofConnAck(Wire wire, ConnAck.@Nullable Properties properties) {
        if (properties == null) {
            return;
        }
        addFourByteInteger(wire, Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpirySeconds());
        if (properties.receiveMaximum() != 0xFFFF) {
            addTwoByteInteger(wire, Property.RECEIVE_MAXIMUM, properties.receiveMaximum());
        }
        if (properties.maximumQos() != Qos.EXACTLY_ONCE) {
            addByte(wire, Property.MAXIMUM_QOS, properties.maximumQos().level());
        }
        if (!properties.retainAvailable()) {
            addByte(wire, Property.RETAIN_AVAILABLE, 0);
        }
        addFourByteInteger(wire, Property.MAXIMUM_PACKET_SIZE, (long) properties.maximumPacketSize());
        addText(wire, Property.ASSIGNED_CLIENT_IDENTIFIER, properties.assignedClientId());
        if (properties.topicAliasMaximum() != 0) {
            addTwoByteInteger(wire, Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum());
        }
        addTwoByteInteger(wire, Property.SERVER_KEEP_ALIVE, properties.serverKeepAliveSeconds());
        addText(wire, Property.AUTHENTICATION_METHOD, properties.authenticationMethod());
        addBinary(wire, Property.AUTHENTICATION_DATA, properties.authenticationData());
    }

    static void ofAuth(Wire wire, Auth auth) {
        addText(wire, Property.AUTHENTICATION_METHOD, auth.authenticationMethod());
        addBinary(wire, Property.AUTHENTICATION_DATA, auth.authenticationData());
        ofReason(wire, auth.reasonString(), List.of());
    }

    /** What all answers and DISCONNECT have. */
    static void ofReason(Wire wire, @Nullable String reasonString, List<UserProperty> userProperties) {
        addText(wire, Property.REASON_STRING, reasonString);
        addUserProperties(wire, userProperties);
    }

    private static void addByte(Wire wire, Property property, int value) {
        wire.addByte(property.identifier());
        wire.addByte(value);
    }

    private static void addTwoByteInteger(Wire wire, Property property, @Nullable Integer value) {
        if (value != null) {
            wire.addByte(property.identifier());
            wire.addTwoByteInteger(value);
        }
    }

    private static void addFourByteInteger(Wire wire, Property property, @Nullable Long value) {
        if (value != null) {
            wire.addByte(property.identifier());
            wire.addFourByteInteger(value);
        }
    }

    private static void addText(Wire wire, Property property, @Nullable String text) {
        if (text != null && Utf8.isCarriable(text)) {
            wire.addByte(property.identifier());
            wire.addString(text);
        }
    }

    private static void addBinary(Wire wire, Property property, @Nullable Payload value) {
        if (value != null && value.size() <= MOST_BINARY_BYTES) {
            wire.addByte(property.identifier());
            wire.addTwoByteInteger(value.size());
            wire.addBytes(value.sharedBytes());
        }
    }

    private static void addUserProperties(Wire wire, List<UserProperty> userProperties) {
        for (UserProperty userProperty : userProperties) {
            if (Utf8.isCarriable(userProperty.name()) && Utf8.isCarriable(userProperty.value())) {
                wire.addByte(Property.USER_PROPERTY.identifier());
                wire.addString(userProperty.name());
                wire.addString(userProperty.value());
            }
        }
    }
}
