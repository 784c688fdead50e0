// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.RejectedMessageException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** The properties of a message as Azure IoT Hub has them: {@code name=value&name=value} at the end of its Topic Name. */
final class PropertyBag {
    private static final String DEVICE_BOUND = "/messages/devicebound/";
    private static final String CONTENT_TYPE = "$.ct";
    private static final String CONTENT_ENCODING = "$.ce";
    private static final String CORRELATION_ID = "$.cid";
    private static final String MESSAGE_ID = "$.mid";

    private PropertyBag() {}

    /** To be put behind the Topic Name of events. */
    static String of(Message message) throws RejectedMessageException {
        MessageProperties properties = message.properties();
        StringJoiner bag = new StringJoiner("&");
        bag.add(pair(MESSAGE_ID, message.id().toString()));
        if (properties.contentType() != null) {
            bag.add(pair(CONTENT_TYPE, properties.contentType()));
        }
        if (properties.payloadFormat() == PayloadFormat.TEXT) {
            bag.add(pair(CONTENT_ENCODING, "utf-8"));
        }
        if (properties.correlationData() != null) {
            String correlation = properties.correlationData().asText();
            if (!Payload.ofText(correlation).equals(properties.correlationData())) {
                throw new RejectedMessageException(
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "IoT Hub takes Correlation Data that is text only");
            }
            bag.add(pair(CORRELATION_ID, correlation));
        }
        for (UserProperty property : properties.userProperties()) {
            if (property.name().startsWith("$.")) {
                throw new RejectedMessageException(
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                        "IoT Hub keeps names that begin with $. for its own properties");
            }
            bag.add(pair(property.name(), property.value()));
        }
        return bag.toString();
    }

    private static String pair(String name, String value) {
        return encoded(name) + "=" + encoded(value);
    }

    /** A blank as %20: in a path + is a plus. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** A message to the device, without the bag in its Topic Name, and with what the bag says; any other as it is. */
    static Message read(Message message) {
        String topic = message.topic().value();
        int end = topic.indexOf(DEVICE_BOUND);
        if (end < 0) {
            return message;
        }
        String bag = topic.substring(end + DEVICE_BOUND.length());
        return new Message(
                message.id(),
                new TopicName(topic.substring(0, end + DEVICE_BOUND.length() - 1)),
                message.payload(),
                message.qos(),
                message.retain(),
                properties(bag),
                message.origin(),
                message.receivedMillis());
    }

    private static MessageProperties properties(String bag) {
        String contentType = null;
        Payload correlation = null;
        PayloadFormat format = null;
        List<UserProperty> user = new ArrayList<>();
        for (String pair : bag.isEmpty() ? new String[0] : bag.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            switch (name) {
                case CONTENT_TYPE -> contentType = value;
                case CONTENT_ENCODING -> format = value.equalsIgnoreCase("utf-8") ? PayloadFormat.TEXT : null;
                case CORRELATION_ID -> correlation = Payload.ofText(value);
                default -> user.add(new UserProperty(name, value));
            }
        }
        return new MessageProperties(format, null, contentType, null, correlation, user);
    }

    /** What is not encoded as it should be stays as it is: the message is more than its properties. */
    private static String decoded(String text) {
        try {
            String decoded = URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
            return Texts.isWellFormed(decoded) ? decoded : text;
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
