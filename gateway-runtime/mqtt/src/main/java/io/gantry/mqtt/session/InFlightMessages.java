// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Qos;
import io.gantry.api.store.StoredInFlight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The messages to one device that have a packet identifier, in the order in which they got it. */
final class InFlightMessages {
    private final Map<Integer, InFlight> messages = new LinkedHashMap<>(0);
    private int lastPacketId;
    private int onTheWire;

    /** What was in flight before the gateway started. */
    void restore(List<StoredInFlight> found) {
        found.stream()
                .sorted(Comparator.comparingLong(StoredInFlight::sequence))
                .forEach(each -> {
                    messages.put(each.packetId(), new InFlight(each.sequence(), each.received()));
                    lastPacketId = Math.max(lastPacketId, each.packetId());
                });
    }

    int nextPacketId() {
        do {
            lastPacketId = lastPacketId == 65_535 ? 1 : lastPacketId + 1;
        } while (messages.containsKey(lastPacketId));
        return lastPacketId;
    }

    void put(int packetId, InFlight message) {
        messages.put(packetId, message);
    }

    @Nullable InFlight get(int packetId) {
        return messages.get(packetId);
    }

    void remove(int packetId) {
        InFlight removed = messages.remove(packetId);
        if (removed != null && removed.onTheWire) {
            onTheWire--;
        }
    }

    /** A connection begins, on which nothing has been sent. */
    void connected() {
        onTheWire = 0;
    }

    /** The message is sent on this connection. */
    void onTheWire(InFlight message) {
        message.onTheWire = true;
        onTheWire++;
    }

    /** How many have been sent on this connection. */
    int onTheWire() {
        return onTheWire;
    }

    /** Whether some were sent on an earlier connection only. */
    boolean isAnyToSendAgain() {
        return onTheWire < messages.size();
    }

    void clear() {
        messages.clear();
    }

    int size() {
        return messages.size();
    }

    Set<Map.Entry<Integer, InFlight>> entries() {
        return messages.entrySet();
    }

    /** Those with a place in the stored queue, by it. */
    Map<Long, Map.Entry<Integer, InFlight>> bySequence() {
        Map<Long, Map.Entry<Integer, InFlight>> places = new HashMap<>();
        messages.entrySet().forEach(entry -> places.put(entry.getValue().sequence, entry));
        return places;
    }

    boolean has(long sequence) {
        return messages.values().stream().anyMatch(message -> message.sequence == sequence);
    }

    /** Takes out those the predicate is true of; what is left are their packet identifiers. */
    List<Integer> removeAll(Predicate<InFlight> which) {
        List<Integer> removed = new ArrayList<>();
        messages.entrySet().removeIf(entry -> {
            boolean leaves = which.test(entry.getValue());
            if (leaves) {
                removed.add(entry.getKey());
            }
            return leaves;
        });
        return removed;
    }

    /** The connection is lost, and so is everything that is not stored. */
    void disconnected() {
        messages.values().forEach(message -> {
            message.outgoing = null;
            message.onTheWire = false;
        });
    }

    /** Messages of a QoS that the device may have begun to take. */
    List<Outgoing> begun(Qos qos) {
        List<Outgoing> begun = new ArrayList<>();
        for (InFlight message : messages.values()) {
            Outgoing outgoing = message.outgoing;
            if (outgoing != null && outgoing.qos() == qos) {
                begun.add(outgoing);
            }
        }
        return begun;
    }
}
