// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message as bytes, with everything that belongs to it. */
final class MessageCodec {
    private static final int EXPIRY = 1;
    private static final int CONTENT_TYPE = 1 << 1;
    private static final int RESPONSE_TOPIC = 1 << 2;
    private static final int CORRELATION_DATA = 1 << 3;
    private static final int USER_PROPERTIES = 1 << 4;
    private static final int FORMAT_BYTES = 1 << 5;
    private static final int FORMAT_TEXT = 1 << 6;

    private static final int DEVICE = 0;
    private static final int ENDPOINT = 1;

    private MessageCodec() {}

    static void write(Message message, ByteWriter to) {
        to.i64(message.id().run()).varint(message.id().number());
        to.u8(message.qos().level() | (message.retain() ? 4 : 0));
        to.text(message.topic().value());
        to.i64(message.receivedMillis());
        writeOrigin(message.origin(), to);
        writeProperties(message.properties(), to);
        to.sized(message.payload().sharedBytes());
    }

    static Message read(ByteReader from) {
        MessageId id = new MessageId(from.i64(), from.varint());
        int flags = from.u8();
        Qos qos = qos(flags & 3);
        TopicName topic = topic(from.text());
        long receivedMillis = from.i64();
        Origin origin = readOrigin(from);
        MessageProperties properties = readProperties(from);
        Payload payload = Payload.owning(from.sized());
        return new Message(id, topic, payload, qos, (flags & 4) != 0, properties, origin, receivedMillis);
    }

    static Qos qos(int level) {
        if (level > 2) {
            throw new DamagedRecordException("a QoS of " + level);
        }
        return Qos.of(level);
    }

    private static TopicName topic(String text) {
        return TopicName.parse(text).orElseThrow(() -> new DamagedRecordException("not a Topic Name"));
    }

    private static void writeOrigin(Origin origin, ByteWriter to) {
        if (origin instanceof Origin.Device device) {
            to.u8(DEVICE).text(device.clientId().value()).optionalText(device.username());
        } else if (origin instanceof Origin.Endpoint endpoint) {
            to.u8(ENDPOINT).text(endpoint.endpoint()).optionalText(endpoint.key());
            writePairs(endpoint.headers(), to);
        } else {
            throw new IllegalArgumentException("what the gateway says of itself is not stored");
        }
    }

    private static Origin readOrigin(ByteReader from) {
        int kind = from.u8();
        if (kind == DEVICE) {
            return new Origin.Device(clientId(from), from.optionalText());
        }
        if (kind == ENDPOINT) {
            return new Origin.Endpoint(from.text(), from.optionalText(), readPairs(from));
        }
        throw new DamagedRecordException("an origin of kind " + kind);
    }

    static ClientId clientId(ByteReader from) {
        String text = from.text();
        if (text.isEmpty()) {
            throw new DamagedRecordException("an empty Client Identifier");
        }
        return new ClientId(text);
    }

    private static void writeProperties(MessageProperties properties, ByteWriter to) {
        PayloadFormat format = properties.payloadFormat();
        Long expiry = properties.expirySeconds();
        TopicName responseTopic = properties.responseTopic();
        Payload correlationData = properties.correlationData();
        to.u8((expiry == null ? 0 : EXPIRY)
                | (properties.contentType() == null ? 0 : CONTENT_TYPE)
                | (responseTopic == null ? 0 : RESPONSE_TOPIC)
                | (correlationData == null ? 0 : CORRELATION_DATA)
                | (properties.userProperties().isEmpty() ? 0 : USER_PROPERTIES)
                | (format == PayloadFormat.BYTES ? FORMAT_BYTES : 0)
                | (format == PayloadFormat.TEXT ? FORMAT_TEXT : 0));
        if (expiry != null) {
            to.varint(expiry);
        }
        if (properties.contentType() != null) {
            to.text(properties.contentType());
        }
        if (responseTopic != null) {
            to.text(responseTopic.value());
        }
        if (correlationData != null) {
            to.sized(correlationData.sharedBytes());
        }
        if (!properties.userProperties().isEmpty()) {
            writePairs(properties.userProperties(), to);
        }
    }

    private static MessageProperties readProperties(ByteReader from) {
        int flags = from.u8();
        if (flags == 0) {
            return MessageProperties.NONE;
        }
        return new MessageProperties(
                format(flags),
                (flags & EXPIRY) == 0 ? null : Long.valueOf(from.varint()),
                (flags & CONTENT_TYPE) == 0 ? null : from.text(),
                (flags & RESPONSE_TOPIC) == 0 ? null : topic(from.text()),
                (flags & CORRELATION_DATA) == 0 ? null : Payload.owning(from.sized()),
                (flags & USER_PROPERTIES) == 0 ? List.of() : readPairs(from));
    }

    private static @Nullable PayloadFormat format(int flags) {
        if ((flags & FORMAT_TEXT) != 0) {
            return PayloadFormat.TEXT;
        }
        return (flags & FORMAT_BYTES) != 0 ? PayloadFormat.BYTES : null;
    }

    private static void writePairs(List<UserProperty> pairs, ByteWriter to) {
        to.varint(pairs.size());
        for (UserProperty pair : pairs) {
            to.text(pair.name()).text(pair.value());
        }
    }

    private static List<UserProperty> readPairs(ByteReader from) {
        int count = from.count();
        List<UserProperty> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new UserProperty(from.text(), from.text()));
        }
        return pairs;
    }
}
