// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Which request goes where. Safe for any thread. */
final class Places {
    private static final Set<String> OF_TOPICS = Set.of("GET", "HEAD", "POST", "PUT");

    private final @Nullable FixedPath topics;
    private final Place devices;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /**
     * No routes yet.
     *
     * @param topics where callers are devices; null for nowhere
     * @param devices takes their requests
     */
    Places(@Nullable FixedPath topics, Place devices) {
        this.topics = topics;
        this.devices = devices;
    }

    private record Entry(HttpFrom from, Place place) {}

    /**
     * What was found.
     *
     * @param place null when nothing takes the method there
     * @param allowed the methods that something takes there; empty when there is nothing at all
     */
    record Found(@Nullable Place place, Set<String> allowed) {}

    void add(HttpFrom from, Place place) {
        entries.add(new Entry(from, place));
    }

    void remove(Place place) {
        entries.removeIf(entry -> entry.place == place);
    }

    Found find(String method, List<String> path) {
        if (topics != null && !topics.below(path).isEmpty()) {
            return new Found(OF_TOPICS.contains(method) ? devices : null, new TreeSet<>(OF_TOPICS));
        }
        Set<String> allowed = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry.from.path().matches(path)) {
                String taken = entry.from.method().name();
                if (taken.equals(method)) {
                    return new Found(entry.place, Set.of());
                }
                allowed.add(taken);
            }
        }
        return new Found(null, allowed);
    }
}
