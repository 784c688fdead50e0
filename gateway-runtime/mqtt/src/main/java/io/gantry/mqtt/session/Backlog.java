// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.mqtt.LimitSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What waits in memory for one device, in its order. Used on the session's thread only. */
final class Backlog {
    private final Deque<Outgoing> waiting = new ArrayDeque<>(0);
    private long bytes;

    void add(Outgoing outgoing) {
        waiting.add(outgoing);
        bytes += outgoing.size();
    }

    @Nullable Outgoing peek() {
        return waiting.peek();
    }

    /** Takes out the first; there must be one. */
    Outgoing remove() {
        Outgoing first = waiting.remove();
        bytes -= first.size();
        return first;
    }

    /** Takes out what the predicate is true of. */
    List<Outgoing> removeAll(Predicate<Outgoing> which) {
        List<Outgoing> removed = new ArrayList<>();
        waiting.removeIf(outgoing -> {
            boolean leaves = which.test(outgoing);
            if (leaves) {
                bytes -= outgoing.size();
                removed.add(outgoing);
            }
            return leaves;
        });
        return removed;
    }

    void clear() {
        waiting.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    boolean hasRoom(LimitSettings limits) {
        return waiting.size() < limits.maxQueuedMessages()
                && bytes < limits.maxQueuedBytes().bytes();
    }

    boolean hasRoomFor(Outgoing outgoing, LimitSettings limits) {
        return waiting.size() < limits.maxQueuedMessages()
                && bytes + outgoing.size() <= limits.maxQueuedBytes().bytes();
    }

    static boolean fitsAlone(Outgoing outgoing, LimitSettings limits) {
        return limits.maxQueuedMessages() > 0
                && outgoing.size() <= limits.maxQueuedBytes().bytes();
    }
}
