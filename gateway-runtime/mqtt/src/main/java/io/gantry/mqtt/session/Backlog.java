// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.QueuePolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What waits in memory for one device, in its order. Used on the session's thread only. */
final class Backlog {
    static final Delivery.Rejected FULL =
            new Delivery.Rejected(ReasonCode.QUOTA_EXCEEDED, "too many messages wait for the device");

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
        return limits.allowsQueue(waiting.size() + 1L, bytes + 1);
    }

    /** Adds a message as far as the limits allow; what is dropped for that is what they say, perhaps the message itself. */
    List<Outgoing> addWithin(LimitSettings limits, Outgoing outgoing) {
        List<Outgoing> dropped = new ArrayList<>(0);
        boolean makesRoom = limits.whenQueueFull() == QueuePolicy.DROP_OLDEST && fitsAlone(outgoing, limits);
        while (makesRoom && !hasRoomFor(outgoing, limits)) {
            dropped.add(remove());
        }
        if (hasRoomFor(outgoing, limits)) {
            add(outgoing);
        } else {
            dropped.add(outgoing);
        }
        return dropped;
    }

    private boolean hasRoomFor(Outgoing outgoing, LimitSettings limits) {
        return limits.allowsQueue(waiting.size() + 1L, bytes + outgoing.size());
    }

    static boolean fitsAlone(Outgoing outgoing, LimitSettings limits) {
        return limits.allowsQueue(1, outgoing.size());
    }
}
