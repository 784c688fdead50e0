// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.TopicFilter;
import io.gantry.api.security.Identity;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.StoredInFlight;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSession.StoredWill;
import io.gantry.api.store.StoredSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What stands in the store, as bytes. Each record begins with the version of its layout. */
final class Records {
    private static final int VERSION = 1;

    /** Of a session: the same, and its owner behind it. */
    private static final int OWNED = 2;

    private static final int INLINE = 0;
    private static final int SHARED = 1;

    /** Messages with a larger payload are stored once and referred to. */
    private static final int MOST_INLINE = 1_024;

    private Records() {}

    static boolean isShared(Message message) {
        return message.payload().size() > MOST_INLINE;
    }

    static ByteWriter session(StoredSession session) {
        Identity owner = session.owner();
        ByteWriter to = (owner == null ? start(64) : start(128, OWNED))
                .text(session.clientId().value())
                .varint(session.expirySeconds())
                .i64(session.awaySinceMillis());
        StoredWill will = session.will();
        to.flag(will != null);
        if (will != null) {
            to.varint(will.delaySeconds());
            MessageCodec.write(will.message(), to);
        }
        if (owner != null) {
            IdentityCodec.write(owner, to);
        }
        return to;
    }

    static StoredSession session(long number, ByteReader from) {
        boolean owned = version(from, OWNED) == OWNED;
        var clientId = MessageCodec.clientId(from);
        long expirySeconds = from.varint();
        long awaySinceMillis = from.i64();
        StoredWill will = null;
        if (from.flag()) {
            long delay = from.varint();
            will = new StoredWill(MessageCodec.read(from), delay);
        }
        Identity owner = owned ? IdentityCodec.read(from) : null;
        from.endsHere();
        return new StoredSession(number, clientId, expirySeconds, awaySinceMillis, owner, will);
    }

    static ByteWriter subscription(StoredSubscription subscription) {
        return start(16)
                .u8(subscription.maximumQos().level())
                .flag(subscription.noLocal())
                .flag(subscription.retainAsPublished())
                .varint(subscription.id());
    }

    static StoredSubscription subscription(String filter, ByteReader from) {
        version(from);
        TopicFilter parsed = filter(filter);
        StoredSubscription subscription = new StoredSubscription(
                parsed, MessageCodec.qos(from.u8()), from.flag(), from.flag(), (int) from.varint());
        from.endsHere();
        return subscription;
    }

    static ByteWriter received() {
        return start(5);
    }

    static ByteWriter inFlight(StoredInFlight inFlight) {
        return start(16).varint(inFlight.sequence()).flag(inFlight.received());
    }

    static StoredInFlight inFlight(int packetId, ByteReader from) {
        version(from);
        StoredInFlight inFlight = new StoredInFlight(packetId, from.varint(), from.flag());
        from.endsHere();
        return inFlight;
    }

    private static TopicFilter filter(String text) {
        return TopicFilter.parse(text).orElseThrow(() -> new DamagedRecordException("not a Topic Filter"));
    }

    static ByteWriter queued(QueuedMessage queued, ByteWriter message) {
        ByteWriter to = start(64)
                .u8(queued.qos().level())
                .flag(queued.retain())
                .varint(queued.subscriptionIds().size());
        for (int id : queued.subscriptionIds()) {
            to.varint(id);
        }
        TopicFilter shared = queued.sharedFilter();
        to.optionalText(shared == null ? null : shared.value());
        return to.raw(message.toBytes());
    }

    static QueuedMessage queued(long sequence, ByteReader from, Function<byte[], Message> shared) {
        version(from);
        var qos = MessageCodec.qos(from.u8());
        boolean retain = from.flag();
        int count = from.count();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add((int) from.varint());
        }
        String group = from.optionalText();
        TopicFilter sharedFilter = group == null ? null : filter(group);
        return new QueuedMessage(sequence, placed(from, shared), qos, retain, ids, sharedFilter);
    }

    static ByteWriter bare(ByteWriter message) {
        return start(64).raw(message.toBytes());
    }

    static Message bare(ByteReader from, Function<byte[], Message> shared) {
        version(from);
        return placed(from, shared);
    }

    static ByteWriter deadLetter(DeadLetter letter, ByteWriter message) {
        return start(128)
                .text(letter.route())
                .varint(letter.attempts())
                .text(letter.error())
                .i64(letter.atMillis())
                .raw(message.toBytes());
    }

    static DeadLetter deadLetter(long number, ByteReader from, Function<byte[], Message> shared) {
        version(from);
        String route = from.text();
        int attempts = (int) from.varint();
        String error = from.text();
        long atMillis = from.i64();
        return new DeadLetter(number, route, placed(from, shared), attempts, error, atMillis);
    }

    /** The message itself, for the family of shared messages. */
    static ByteWriter message(Message message) {
        ByteWriter to = start(message.payload().size() + 128);
        MessageCodec.write(message, to);
        return to;
    }

    static Message message(ByteReader from) {
        version(from);
        Message message = MessageCodec.read(from);
        from.endsHere();
        return message;
    }

    /** The message as it stands in a place: whole, or its id. */
    static ByteWriter inPlace(Message message) {
        if (isShared(message)) {
            return new ByteWriter(17).u8(SHARED).raw(Keys.message(message.id()));
        }
        ByteWriter to = new ByteWriter(message.payload().size() + 96).u8(INLINE);
        MessageCodec.write(message, to);
        return to;
    }

    private static Message placed(ByteReader from, Function<byte[], Message> shared) {
        int form = from.u8();
        if (form != INLINE && form != SHARED) {
            throw new DamagedRecordException("a message of form " + form);
        }
        Message message = form == INLINE ? MessageCodec.read(from) : shared.apply(from.raw(16));
        from.endsHere();
        return message;
    }

    static ByteWriter bytes(Payload payload) {
        return start(payload.size() + 5).raw(payload.sharedBytes());
    }

    static Payload bytes(ByteReader from) {
        version(from);
        return Payload.owning(from.rest());
    }

    static ByteWriter number(long number) {
        return start(13).i64(number);
    }

    static long number(ByteReader from) {
        version(from);
        long number = from.i64();
        from.endsHere();
        return number;
    }

    static ByteWriter mark(OutboxMark mark) {
        return start(36)
                .varint(mark.through())
                .varint(mark.highest())
                .varint(mark.messages())
                .varint(mark.bytes());
    }

    static OutboxMark mark(ByteReader from) {
        version(from);
        OutboxMark mark = new OutboxMark(from.varint(), from.varint(), from.varint(), from.varint());
        from.endsHere();
        return mark;
    }

    static ByteWriter text(String text) {
        return start(text.length() + 8).text(text);
    }

    static String text(ByteReader from) {
        version(from);
        String text = from.text();
        from.endsHere();
        return text;
    }

    private static ByteWriter start(int expected) {
        return start(expected, VERSION);
    }

    private static ByteWriter start(int expected, int version) {
        return new ByteWriter(expected + 4).u8(version);
    }

    private static void version(ByteReader from) {
        version(from, VERSION);
    }

    private static int version(ByteReader from, int newest) {
        int version = from.u8();
        if (version < VERSION || version > newest) {
            throw new DamagedRecordException("layout " + version);
        }
        return version;
    }
}
