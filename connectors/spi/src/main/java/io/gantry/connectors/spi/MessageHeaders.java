// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.Answer;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything MQTT says about a message, as headers of another protocol and back: the table of docs/mapping.md. The names
 * are fixed; a connector that has a field of its own for one of them uses that as well.
 */
public final class MessageHeaders {
    /** Topic Name. */
    public static final String TOPIC = "mqtt-topic";
    /** 0, 1 or 2. */
    public static final String QOS = "mqtt-qos";
    /** {@code true} or {@code false}. */
    public static final String RETAIN = "mqtt-retain";
    /** Payload Format Indicator: 0 or 1. */
    public static final String PAYLOAD_FORMAT = "mqtt-payload-format";
    /** Content Type. */
    public static final String CONTENT_TYPE = "mqtt-content-type";
    /** Response Topic. */
    public static final String RESPONSE_TOPIC = "mqtt-response-topic";
    /** Correlation Data, in Base64. */
    public static final String CORRELATION_DATA = "mqtt-correlation-data";
    /** What is left of the Message Expiry Interval, in seconds. */
    public static final String EXPIRY = "mqtt-expiry";
    /** User Properties in their order, as {@code name=value&name=value} with percent-encoding. */
    public static final String USER_PROPERTIES = "mqtt-user-properties";
    /** Client Identifier of the device; never read back. */
    public static final String CLIENT_ID = "mqtt-client-id";
    /** User name of the device; never read back. */
    public static final String USERNAME = "mqtt-username";
    /** When the gateway received the message, in ISO 8601; never read back. */
    public static final String RECEIVED = "mqtt-received";
    /** The gateway's id of the message; never read back. */
    public static final String MESSAGE_ID = "mqtt-message-id";

    /** All that can be written. */
    public static final Set<String> NAMES = Set.of(
            Hops.NAME,
            TOPIC,
            QOS,
            RETAIN,
            PAYLOAD_FORMAT,
            CONTENT_TYPE,
            RESPONSE_TOPIC,
            CORRELATION_DATA,
            EXPIRY,
            USER_PROPERTIES,
            CLIENT_ID,
            USERNAME,
            RECEIVED,
            MESSAGE_ID);

    private static final int MOST_BYTES = 65_535;
    private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;

    private MessageHeaders() {}

    /** A header by its name; null when there is none. */
    @FunctionalInterface
    public interface Lookup {
        @Nullable String header(String name);
    }

    /**
     * What headers say about a message.
     *
     * @param topic null when they name none
     * @param qos null when they name none
     */
    public record Carried(
            @Nullable TopicName topic, @Nullable Qos qos, boolean retain, MessageProperties properties) {}

    /**
     * Writes a message's headers.
     *
     * @param all everything, not only {@link Hops}
     * @param nowMillis wall-clock time, in milliseconds since 1970
     * @param header is given names and values; a value may hold any character
     */
    public static void write(Message message, boolean all, long nowMillis, BiConsumer<String, String> header) {
        String hops = Hops.of(message);
        if (hops != null) {
            header.accept(Hops.NAME, hops);
        }
        if (!all) {
            return;
        }
        header.accept(TOPIC, message.topic().value());
        header.accept(QOS, message.qos().toString());
        header.accept(RETAIN, Boolean.toString(message.retain()));
        writeProperties(message.properties(), expirySecondsLeft(message, nowMillis), header);
        if (message.origin() instanceof Origin.Device device) {
            header.accept(CLIENT_ID, device.clientId().value());
            if (device.username() != null) {
                header.accept(USERNAME, device.username());
            }
        }
        header.accept(RECEIVED, Instant.ofEpochMilli(message.receivedMillis()).toString());
        header.accept(MESSAGE_ID, message.id().toString());
    }

    /**
     * Writes the headers of an answer.
     *
     * @param header is given names and values; a value may hold any character
     */
    public static void write(Answer answer, BiConsumer<String, String> header) {
        MessageProperties all = answer.properties();
        MessageProperties said =
                new MessageProperties(all.payloadFormat(), null, all.contentType(), null, null, all.userProperties());
        writeProperties(said, null, header);
    }

    private static void writeProperties(
            MessageProperties properties, @Nullable Long left, BiConsumer<String, String> header) {
        if (properties.payloadFormat() != null) {
            header.accept(PAYLOAD_FORMAT, properties.payloadFormat() == PayloadFormat.TEXT ? "1" : "0");
        }
        if (properties.contentType() != null) {
            header.accept(CONTENT_TYPE, properties.contentType());
        }
        if (properties.responseTopic() != null) {
            header.accept(RESPONSE_TOPIC, properties.responseTopic().value());
        }
        if (properties.correlationData() != null) {
            header.accept(
                    CORRELATION_DATA,
                    Base64.getEncoder()
                            .encodeToString(properties.correlationData().sharedBytes()));
        }
        if (left != null) {
            header.accept(EXPIRY, left.toString());
        }
        StringJoiner pairs = new StringJoiner("&");
        for (UserProperty property : properties.userProperties()) {
            if (!property.name().equals(Hops.NAME)) {
                pairs.add(URLEncoder.encode(property.name(), UTF_8) + "=" + URLEncoder.encode(property.value(), UTF_8));
            }
        }
        if (pairs.length() > 0) {
            header.accept(USER_PROPERTIES, pairs.toString());
        }
    }

    /** What is left of the Message Expiry Interval, at least 0; null when the message has none. */
    public static @Nullable Long expirySecondsLeft(Message message, long nowMillis) {
        Long expiry = message.properties().expirySeconds();
        return expiry == null
                ? null
                : (Long) Math.max(0, expiry - Math.max(0, nowMillis - message.receivedMillis()) / 1_000);
    }

    /**
     * Reads what headers say.
     *
     * @param all everything, not only {@link Hops}
     * @param userProperties User Properties and the headers they are made of, besides
     * @throws RejectedMessageException when a header does not hold what its name promises
     */
    public static Carried read(boolean all, Map<String, String> userProperties, Lookup headers)
            throws RejectedMessageException {
        List<UserProperty> user = new ArrayList<>();
        if (all) {
            user.addAll(pairs(headers.header(USER_PROPERTIES)));
        }
        for (Map.Entry<String, String> property : userProperties.entrySet()) {
            String value = headers.header(property.getValue());
            if (value != null) {
                user.add(new UserProperty(property.getKey(), text(value, property.getValue())));
            }
        }
        String hops = headers.header(Hops.NAME);
        if (hops != null) {
            user.add(new UserProperty(Hops.NAME, text(hops, Hops.NAME)));
        }
        return all
                ? carried(user, headers)
                : new Carried(null, null, false, MessageProperties.NONE.replacingUserProperties(user));
    }

    private static Carried carried(List<UserProperty> user, Lookup headers) throws RejectedMessageException {
        String format = headers.header(PAYLOAD_FORMAT);
        MessageProperties properties = new MessageProperties(
                format == null
                        ? null
                        : oneOf(format, "0", "1", PAYLOAD_FORMAT) ? PayloadFormat.TEXT : PayloadFormat.BYTES,
                expiry(headers.header(EXPIRY)),
                contentType(headers.header(CONTENT_TYPE)),
                topic(headers.header(RESPONSE_TOPIC), RESPONSE_TOPIC),
                bytes(headers.header(CORRELATION_DATA)),
                user);
        String retain = headers.header(RETAIN);
        return new Carried(
                topic(headers.header(TOPIC), TOPIC),
                qos(headers.header(QOS)),
                retain != null && oneOf(retain, "false", "true", RETAIN),
                properties);
    }

    /** What MQTT cannot carry is refused here, where somebody can still be told. */
    private static String text(String text, String name) throws RejectedMessageException {
        if (!TopicFilter.fitsOnTheWire(text)) {
            throw wrong(name);
        }
        return text;
    }

    /** True for the second of the two. */
    private static boolean oneOf(String text, String no, String yes, String name) throws RejectedMessageException {
        if (!text.equals(no) && !text.equals(yes)) {
            throw wrong(name);
        }
        return text.equals(yes);
    }

    private static @Nullable String contentType(@Nullable String text) throws RejectedMessageException {
        return text == null ? null : text(text, CONTENT_TYPE);
    }

    private static @Nullable TopicName topic(@Nullable String text, String name) throws RejectedMessageException {
        return text == null ? null : TopicName.parse(text).orElseThrow(() -> wrong(name));
    }

    private static @Nullable Qos qos(@Nullable String text) throws RejectedMessageException {
        try {
            return text == null ? null : Qos.fromText(text);
        } catch (IllegalArgumentException other) {
            throw wrong(QOS);
        }
    }

    private static @Nullable Long expiry(@Nullable String text) throws RejectedMessageException {
        if (text == null) {
            return null;
        }
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(EXPIRY);
        }
        long seconds = Long.parseLong(text);
        if (seconds > LONGEST_EXPIRY) {
            throw wrong(EXPIRY);
        }
        return seconds;
    }

    private static @Nullable Payload bytes(@Nullable String text) throws RejectedMessageException {
        try {
            byte[] decoded = text == null ? null : Base64.getDecoder().decode(text);
            if (decoded != null && decoded.length > MOST_BYTES) {
                throw wrong(CORRELATION_DATA);
            }
            return decoded == null ? null : Payload.owning(decoded);
        } catch (IllegalArgumentException notBase64) {
            throw wrong(CORRELATION_DATA);
        }
    }

    private static List<UserProperty> pairs(@Nullable String text) throws RejectedMessageException {
        List<UserProperty> properties = new ArrayList<>();
        if (text == null) {
            return properties;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw wrong(USER_PROPERTIES);
            }
            properties.add(new UserProperty(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))));
        }
        return properties;
    }

    private static String decoded(String text) throws RejectedMessageException {
        try {
            return text(URLDecoder.decode(text, UTF_8), USER_PROPERTIES);
        } catch (IllegalArgumentException notEncoded) {
            throw wrong(USER_PROPERTIES);
        }
    }

    private static RejectedMessageException wrong(String header) {
        return new RejectedMessageException(
                ReasonCode.PAYLOAD_FORMAT_INVALID, "the header " + header + " does not hold what its name promises");
    }
}
