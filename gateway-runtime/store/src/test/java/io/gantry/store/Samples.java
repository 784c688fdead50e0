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
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.QueuedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Messages of every shape, the same for the same seed. */
final class Samples {
    private static final String LETTERS = "abcXYZ019-_./äß€\uD83D\uDE80";

    private final Random random;
    private long number;

    Samples(long seed) {
        random = new Random(seed);
    }

    /** A small message without anything special. */
    static Message plain(long number, int payloadBytes) {
        return plain("plant/line-" + number % 10, number, payloadBytes);
    }

    /** A small message under a Topic Name of its own. */
    static Message retained(String topic, long number) {
        return plain(topic, number, 200);
    }

    private static Message plain(String topic, long number, int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        new Random(number).nextBytes(payload);
        return new Message(
                new MessageId(7, number),
                new TopicName(topic),
                Payload.owning(payload),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Device(new ClientId("device-1"), null),
                1_763_000_000_000L + number);
    }

    static QueuedMessage queued(long sequence, Message message) {
        return new QueuedMessage(sequence, message, Qos.AT_LEAST_ONCE, false, List.of(), null);
    }

    static OutboxEntry entry(long sequence, int payloadBytes) {
        return new OutboxEntry(sequence, plain(sequence, payloadBytes));
    }

    Message message() {
        byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(5_000) : random.nextInt(200)];
        random.nextBytes(payload);
        return new Message(
                new MessageId(random.nextLong(), ++number),
                topic(),
                Payload.owning(payload),
                Qos.of(random.nextInt(3)),
                random.nextBoolean(),
                random.nextInt(4) == 0 ? MessageProperties.NONE : properties(),
                origin(),
                random.nextLong());
    }

    private MessageProperties properties() {
        return new MessageProperties(
                random.nextInt(3) == 0 ? null : random.nextBoolean() ? PayloadFormat.BYTES : PayloadFormat.TEXT,
                random.nextBoolean() ? null : random.nextLong() >>> 32,
                optionalText(),
                random.nextBoolean() ? null : topic(),
                random.nextBoolean() ? null : Payload.ofText(text()),
                pairs());
    }

    private Origin origin() {
        return random.nextBoolean()
                ? new Origin.Device(new ClientId("c" + text()), optionalText())
                : new Origin.Endpoint(text(), optionalText(), pairs());
    }

    TopicName topic() {
        return new TopicName("t" + text());
    }

    private List<UserProperty> pairs() {
        List<UserProperty> pairs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            pairs.add(new UserProperty(text(), text()));
        }
        return pairs;
    }

    private @Nullable String optionalText() {
        return random.nextBoolean() ? null : text();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int at = random.nextInt(LETTERS.length() - 1);
            text.appendCodePoint(Character.isLowSurrogate(LETTERS.charAt(at)) ? 'x' : LETTERS.codePointAt(at));
        }
        return text.toString();
    }
}
