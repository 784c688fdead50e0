// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.security.Identity;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.StoredInFlight;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSubscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What stands in the store, each kind with its reader and its writer.
 *
 * @param sample something of that kind that holds the message, or a part of it
 */
record RecordKind<T>(
        String name, Function<Message, T> sample, Function<ByteReader, T> reader, Function<T, ByteWriter> writer) {

    /** Stands for every message that is kept apart from its place. */
    private static final Message SHARED = Samples.plain(2, 3_000);

    static final List<RecordKind<?>> ALL = List.of(
            new RecordKind<>(
                    "session",
                    message -> new StoredSession(
                            1,
                            new ClientId("d"),
                            3_600,
                            5,
                            message.retain() ? owner(message) : null,
                            new StoredSession.StoredWill(message, 5)),
                    from -> Records.session(1, from),
                    Records::session),
            new RecordKind<>(
                    "subscription",
                    message -> new StoredSubscription(new TopicFilter("a/#"), message.qos(), true, false, 77),
                    from -> Records.subscription("a/#", from),
                    Records::subscription),
            new RecordKind<>(
                    "in flight",
                    message -> new StoredInFlight(9, message.id().number(), message.retain()),
                    from -> Records.inFlight(9, from),
                    Records::inFlight),
            new RecordKind<>(
                    "queued",
                    message -> new QueuedMessage(2, message, Qos.EXACTLY_ONCE, true, List.of(77, 300), null),
                    from -> Records.queued(2, from, id -> SHARED),
                    queued -> Records.queued(queued, inPlace(queued.message()))),
            new RecordKind<>(
                    "bare",
                    Function.identity(),
                    from -> Records.bare(from, id -> SHARED),
                    message -> Records.bare(inPlace(message))),
            new RecordKind<>(
                    "dead letter",
                    message -> new DeadLetter(1, "erp", message, 3, "no such queue", 7),
                    from -> Records.deadLetter(1, from, id -> SHARED),
                    letter -> Records.deadLetter(letter, inPlace(letter.message()))),
            new RecordKind<Message>("message", Function.identity(), Records::message, Records::message),
            new RecordKind<Payload>("bytes", Message::payload, Records::bytes, Records::bytes),
            new RecordKind<Long>("number", Message::receivedMillis, Records::number, Records::number),
            new RecordKind<>(
                    "mark",
                    message -> new OutboxMark(3, 17, message.payload().size(), message.receivedMillis()),
                    Records::mark,
                    Records::mark),
            new RecordKind<String>("text", message -> message.topic().value(), Records::text, Records::text));

    ByteWriter sampleOf(Message message) {
        return writer.apply(sample.apply(message));
    }

    /** What was read, and what is read again once that is written; nothing when the record is damaged. */
    List<T> roundTrip(ByteReader from) {
        T value;
        try {
            value = reader.apply(from);
        } catch (DamagedRecordException damage) {
            return List.of();
        }
        byte[] written = writer.apply(value).toBytes();
        return List.of(value, reader.apply(new ByteReader(written, 0, written.length)));
    }

    /** Somebody of whom as much is known as the message has User Properties. */
    private static Identity owner(Message message) {
        Map<String, String> attributes = new HashMap<>();
        message.properties().userProperties().forEach(each -> attributes.put(each.name(), each.value()));
        return new Identity(message.properties().contentType(), attributes.keySet(), attributes, Identity.WITHOUT_END);
    }

    /** A message read from its place stays there, however large. */
    private static ByteWriter inPlace(Message message) {
        if (message.equals(SHARED)) {
            return Records.inPlace(message);
        }
        ByteWriter whole = new ByteWriter(96).u8(0);
        MessageCodec.write(message, whole);
        return whole;
    }
}
