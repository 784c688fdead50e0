// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.store.StoreWrite;
import io.gantry.mqtt.LimitSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The last retained message of each Topic Name [5.0 §3.3.1.3], in the order of the names. Kept in memory, and in
 * the store for the next start. Any thread; reading takes no lock.
 */
final class RetainedMessages {
    private static final int VISITED_PER_PAGE = 500;
    private static final long SWEEP_MILLIS = 1_000;

    private final ConcurrentSkipListMap<String, Message> messages = new ConcurrentSkipListMap<>();
    private final LimitSettings limits;
    private final Clock clock;
    private final SessionStore store;
    private int count;
    private long bytes;
    private long sweptMillis;

    /**
     * Topics a filter matches, and where to go on.
     *
     * @param last the last Topic Name looked at; null when there are no more
     */
    record Page(List<TopicName> topics, @Nullable String last) {}

    RetainedMessages(LimitSettings limits, Clock clock, SessionStore store) {
        this.limits = limits;
        this.clock = clock;
        this.store = store;
    }

    /** Whether there is room for the message, now that what has expired is forgotten. */
    boolean hasRoom(Message message) {
        if (message.payload().isEmpty() || hasRoomFor(message)) {
            return true;
        }
        store.finish(this::sweep);
        return hasRoomFor(message);
    }

    /** Keeps the message within a write, or deletes what was kept when it is empty; false when there is no room for it. */
    synchronized boolean retain(Message message, StoreWrite write) {
        String topic = message.topic().value();
        if (message.payload().isEmpty()) {
            if (forget(topic, messages.get(topic))) {
                write.unretain(message.topic());
            }
            return true;
        }
        if (!hasRoomFor(message)) {
            return false;
        }
        put(topic, message);
        write.retain(message);
        return true;
    }

    /** A message that was found in the store. */
    synchronized void restore(Message message) {
        put(message.topic().value(), message);
    }

    private void put(String topic, Message message) {
        forget(topic, messages.get(topic));
        messages.put(topic, message);
        count++;
        bytes += message.payload().size();
    }

    /** How many are kept, expired ones included that nobody has looked for. */
    synchronized int count() {
        return count;
    }

    private synchronized boolean hasRoomFor(Message message) {
        Message before = messages.get(message.topic().value());
        int more = before == null ? 1 : 0;
        long bytesBefore = before == null ? 0 : before.payload().size();
        return count + more <= limits.maxRetainedMessages()
                && bytes - bytesBefore + message.payload().size()
                        <= limits.maxRetainedBytes().bytes();
    }

    /** Forgets what has expired, but does not look for it all the time. */
    private synchronized void sweep(StoreWrite write) {
        long now = clock.millis();
        if (now - sweptMillis >= SWEEP_MILLIS) {
            sweptMillis = now;
            messages.forEach((topic, message) -> {
                if (message.isExpiredAt(now)) {
                    expire(message, write);
                }
            });
        }
    }

    /** Unless another message has come in its place meanwhile. */
    private void expire(Message message, StoreWrite write) {
        if (forget(message.topic().value(), message)) {
            write.unretain(message.topic());
        }
    }

    private synchronized boolean forget(String topic, @Nullable Message message) {
        if (message == null || !messages.remove(topic, message)) {
            return false;
        }
        count--;
        bytes -= message.payload().size();
        return true;
    }

    /** The retained message of the topic now; null when there is none. */
    @Nullable Message get(TopicName topic) {
        Message message = messages.get(topic.value());
        if (message != null && message.isExpiredAt(clock.millis())) {
            store.finish(write -> expire(message, write));
            return null;
        }
        return message;
    }

    /**
     * Some of the topics that a filter matches: no more are looked at than an event loop has time for.
     *
     * @param after where the page before ended; null for the first
     */
    Page page(TopicFilter filter, @Nullable String after) {
        List<TopicName> topics = new ArrayList<>();
        int visited = 0;
        for (Map.Entry<String, Message> entry : range(filter.value(), after).entrySet()) {
            TopicName topic = entry.getValue().topic();
            if (filter.matches(topic)) {
                topics.add(topic);
            }
            if (++visited == VISITED_PER_PAGE) {
                return new Page(topics, entry.getKey());
            }
        }
        return new Page(topics, null);
    }

    /** What begins like the filter does before its first wildcard. */
    private ConcurrentNavigableMap<String, Message> range(String filter, @Nullable String after) {
        int plus = filter.indexOf('+');
        int wildcard = plus < 0 ? filter.indexOf('#') : plus;
        String prefix = wildcard < 0 ? filter : filter.substring(0, Math.max(0, wildcard - 1));
        String from = after == null ? prefix : after;
        // no Topic Name holds a non-character, so all that begins with the prefix comes before this
        String to = wildcard < 0 ? prefix : prefix + Character.MAX_VALUE;
        return messages.subMap(from, after == null, to, true);
    }
}
