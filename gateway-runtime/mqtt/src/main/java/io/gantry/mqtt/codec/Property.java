// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import org.jspecify.annotations.Nullable;

/** The properties of 5.0 with their identifiers, types and names [5.0 §2.2.2.2]. */
enum Property {
    PAYLOAD_FORMAT_INDICATOR(0x01, Form.BYTE, "Payload Format Indicator"),
    MESSAGE_EXPIRY_INTERVAL(0x02, Form.FOUR_BYTE_INTEGER, "Message Expiry Interval"),
    CONTENT_TYPE(0x03, Form.STRING, "Content Type"),
    RESPONSE_TOPIC(0x08, Form.STRING, "Response Topic"),
    CORRELATION_DATA(0x09, Form.BINARY, "Correlation Data"),
    SUBSCRIPTION_IDENTIFIER(0x0B, Form.VARIABLE_BYTE_INTEGER, "Subscription Identifier"),
    SESSION_EXPIRY_INTERVAL(0x11, Form.FOUR_BYTE_INTEGER, "Session Expiry Interval"),
    ASSIGNED_CLIENT_IDENTIFIER(0x12, Form.STRING, "Assigned Client Identifier"),
    SERVER_KEEP_ALIVE(0x13, Form.TWO_BYTE_INTEGER, "Server Keep Alive"),
    AUTHENTICATION_METHOD(0x15, Form.STRING, "Authentication Method"),
    AUTHENTICATION_DATA(0x16, Form.BINARY, "Authentication Data"),
    REQUEST_PROBLEM_INFORMATION(0x17, Form.BYTE, "Request Problem Information"),
    WILL_DELAY_INTERVAL(0x18, Form.FOUR_BYTE_INTEGER, "Will Delay Interval"),
    REQUEST_RESPONSE_INFORMATION(0x19, Form.BYTE, "Request Response Information"),
    RESPONSE_INFORMATION(0x1A, Form.STRING, "Response Information"),
    SERVER_REFERENCE(0x1C, Form.STRING, "Server Reference"),
    REASON_STRING(0x1F, Form.STRING, "Reason String"),
    RECEIVE_MAXIMUM(0x21, Form.TWO_BYTE_INTEGER, "Receive Maximum"),
    TOPIC_ALIAS_MAXIMUM(0x22, Form.TWO_BYTE_INTEGER, "Topic Alias Maximum"),
    TOPIC_ALIAS(0x23, Form.TWO_BYTE_INTEGER, "Topic Alias"),
    MAXIMUM_QOS(0x24, Form.BYTE, "Maximum QoS"),
    RETAIN_AVAILABLE(0x25, Form.BYTE, "Retain Available"),
    USER_PROPERTY(0x26, Form.STRING_PAIR, "User Property"),
    MAXIMUM_PACKET_SIZE(0x27, Form.FOUR_BYTE_INTEGER, "Maximum Packet Size"),
    WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Form.BYTE, "Wildcard Subscription Available"),
    SUBSCRIPTION_IDENTIFIER_AVAILABLE(0x29, Form.BYTE, "Subscription Identifier Available"),
    SHARED_SUBSCRIPTION_AVAILABLE(0x2A, Form.BYTE, "Shared Subscription Available");

    /** How the value of a property is written. */
    enum Form {
        BYTE,
        TWO_BYTE_INTEGER,
        FOUR_BYTE_INTEGER,
        VARIABLE_BYTE_INTEGER,
        STRING,
        BINARY,
        STRING_PAIR
    }

    /** One more than the highest identifier. */
    static final int IDENTIFIERS = 0x2B;

    private static final @Nullable Property[] BY_IDENTIFIER = byIdentifier();

    private final int identifier;

    private final Form form;

    private final String text;

    Property(int identifier, Form form, String text) {
        this.identifier = identifier;
        this.form = form;
        this.text = text;
    }

    /** Null when 5.0 has no such property. */
    static @Nullable Property of(int identifier) {
        return identifier < IDENTIFIERS ? BY_IDENTIFIER[identifier] : null;
    }

    /** A set of properties as one bit for each of their identifiers. */
    static long setOf(Property... properties) {
        long set = 0;
        for (Property property : properties) {
            set |= property.bit();
        }
        return set;
    }

    /** Below 0x80, so one byte on the wire although its type is a Variable Byte Integer. */
    int identifier() {
        return identifier;
    }

    long bit() {
        return 1L << identifier;
    }

    Form form() {
        return form;
    }

    /** The name the specification gives it. */
    @Override
    public String toString() {
        return text;
    }

    private static @Nullable Property[] byIdentifier() {
        @Nullable Property[] properties = new @Nullable Property[IDENTIFIERS];
        for (Property property : values()) {
            properties[property.identifier] = property;
        }
        return properties;
    }
}
