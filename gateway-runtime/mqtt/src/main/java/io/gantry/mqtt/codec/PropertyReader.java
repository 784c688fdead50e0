// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.MessageProperties;
import io.gantry.api.PayloadFormat;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import org.jspecify.annotations.Nullable;

/** Reads the properties of a packet [5.0 §2.2.2]: only those its type may have, and each at most once. */
final class PropertyReader {

    /** What a PUBLISH and a Will Message have in common: what travels with the message. */
    static final long OF_A_MESSAGE = Property.setOf(
            Property.PAYLOAD_FORMAT_INDICATOR,
            Property.MESSAGE_EXPIRY_INTERVAL,
            Property.CONTENT_TYPE,
            Property.RESPONSE_TOPIC,
            Property.CORRELATION_DATA,
            Property.USER_PROPERTY);

    private final int maxUserProperties;

    private final int maxBytes;

    PropertyReader(DecoderLimits limits) {
        this.maxUserProperties = limits.maxUserProperties();
        this.maxBytes = limits.maxPropertyBytes();
    }

    /**
     * Reads the Property Length and the properties, and refuses the packet when there are too many.
     *
     * @param allowed which ones, as {@link Property#setOf} makes it
     * @param owner whose they are, as in "PUBLISH"
     */
    PropertyValues read(PacketBytes in, long allowed, String owner) {
        PropertyValues values = readAll(in, allowed, owner);
        RejectedPacketException excess = values.excess();
        if (excess != null) {
            throw excess;
        }
        return values;
    }

    /**
     * Reads the Property Length and the properties; those that are too many are left out and said to be.
     *
     * @param allowed which ones, as {@link Property#setOf} makes it
     * @param owner whose they are, as in "PUBLISH"
     */
    PropertyValues readAll(PacketBytes in, long allowed, String owner) {
        int length = in.readVariableByteInteger("Property Length");
        if (length == 0) {
            return PropertyValues.NONE;
        }
        int outerEnd = in.narrow(length, "Property Length");
        PropertyValues values = PropertyValues.empty();
        if (length > maxBytes) {
            values.exceeds(Rule.PROPERTY_BYTES.brokenBy(
                    owner + " with " + length + " bytes of properties where at most " + maxBytes + " are taken"));
        }
        while (in.remaining() > 0) {
            Property property = readIdentifier(in, allowed, owner);
            if (property == Property.USER_PROPERTY) {
                UserProperty read =
                        new UserProperty(in.readString("User Property name"), in.readString("User Property value"));
                if (values.userProperties().size() < maxUserProperties) {
                    values.add(read);
                } else {
                    values.exceeds(Rule.USER_PROPERTIES.brokenBy(
                            owner + " with more than " + maxUserProperties + " User Properties"));
                }
            } else if (values.has(property)) {
                throw Rule.PROPERTY_ONCE.brokenBy(owner + " with two " + property + " properties");
            } else {
                values.put(property, readValue(in, property));
            }
        }
        in.widen(outerEnd);
        return values;
    }

    /** Those properties of a PUBLISH or a Will Message that travel with the message. */
    static MessageProperties ofMessage(PropertyValues values) {
        if (values == PropertyValues.NONE) {
            return MessageProperties.NONE;
        }
        return new MessageProperties(
                payloadFormat(values),
                values.number(Property.MESSAGE_EXPIRY_INTERVAL),
                values.text(Property.CONTENT_TYPE),
                responseTopic(values),
                values.binary(Property.CORRELATION_DATA),
                values.userProperties());
    }

    /** A property of 0 or 1; the rule that another value breaks says so. */
    static boolean flag(PropertyValues values, Property property, boolean otherwise, Rule rule) {
        long value = values.number(property, otherwise ? 1 : 0);
        if (value > 1) {
            throw rule.brokenBy(property + " " + value + " instead of 0 or 1");
        }
        return value == 1;
    }

    private static Property readIdentifier(PacketBytes in, long allowed, String owner) {
        int identifier = in.readByte("property identifier");
        Property property = Property.of(identifier);
        if (property == null) {
            throw Rule.PROPERTY_ALLOWED.brokenBy(String.format("%s with unknown property 0x%02X", owner, identifier));
        }
        if ((allowed & property.bit()) == 0) {
            throw Rule.PROPERTY_ALLOWED.brokenBy(owner + " with a " + property + " property");
        }
        return property;
    }

    private static Object readValue(PacketBytes in, Property property) {
        String field = property.toString();
        return switch (property.form()) {
            case BYTE -> (long) in.readByte(field);
            case TWO_BYTE_INTEGER -> (long) in.readTwoByteInteger(field);
            case FOUR_BYTE_INTEGER -> in.readFourByteInteger(field);
            case VARIABLE_BYTE_INTEGER -> (long) in.readVariableByteInteger(field);
            case STRING -> in.readString(field);
            case BINARY -> in.readBinary(field);
            case STRING_PAIR -> throw new IllegalStateException(field + " is read as a pair");
        };
    }

    private static @Nullable PayloadFormat payloadFormat(PropertyValues values) {
        if (!values.has(Property.PAYLOAD_FORMAT_INDICATOR)) {
            return null;
        }
        boolean text = flag(values, Property.PAYLOAD_FORMAT_INDICATOR, false, Rule.PAYLOAD_FORMAT);
        return text ? PayloadFormat.TEXT : PayloadFormat.BYTES;
    }

    private static @Nullable TopicName responseTopic(PropertyValues values) {
        String text = values.text(Property.RESPONSE_TOPIC);
        if (text == null) {
            return null;
        }
        if (text.isEmpty()) {
            throw Rule.RESPONSE_TOPIC_EMPTY.brokenBy("empty Response Topic");
        }
        return TopicName.parse(text).orElseThrow(() -> Rule.RESPONSE_TOPIC.brokenBy("Response Topic with a wildcard"));
    }
}
