// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Finds who wants the messages of a Topic Name: routes and subscribers stand in one index. What was found for a Topic
 * Name is kept until an entry changes that may match it, so that a busy topic costs one look-up in a map.
 *
 * <p>All methods may be called on any thread.
 *
 * @param <T> what is registered under a Topic Filter
 * @param <A> what the entries that match are made into, once for each Topic Name
 */
public final class Router<T, A> {
    private static final int CACHED_TOPICS = 20_000;

    private final Function<List<T>, A> audience;
    private final TopicTree<T> tree = new TopicTree<>();
    private volatile ConcurrentHashMap<TopicName, A> found = new ConcurrentHashMap<>();

    /**
     * An empty router.
     *
     * @param audience makes the entries that match into what callers want; pure and quick
     */
    public Router(Function<List<T>, A> audience) {
        this.audience = audience;
    }

    /** Registers an entry, which stays until it is removed; one that equals it is registered already and stays alone. */
    public synchronized void add(TopicFilter filter, T entry) {
        tree.add(filter, entry);
        forget(filter);
    }

    /** Removes an entry that equals the given one; nothing happens when there is none. */
    public synchronized void remove(TopicFilter filter, T entry) {
        if (tree.remove(filter, entry)) {
            forget(filter);
        }
    }

    private void forget(TopicFilter filter) {
        TopicName.parse(filter.value()).ifPresentOrElse(found::remove, this::forgetAll);
    }

    /** Takes a new map: to empty one takes as long as it ever was large, and devices subscribe by the thousand. */
    private void forgetAll() {
        if (!found.isEmpty()) {
            found = new ConcurrentHashMap<>();
        }
    }

    /** Who wants a message published to the Topic Name now. */
    public A audienceOf(TopicName topic) {
        A known = found.get(topic);
        return known != null ? known : find(topic);
    }

    private synchronized A find(TopicName topic) {
        List<T> matching = new ArrayList<>();
        tree.match(topic, matching);
        A made = audience.apply(matching);
        if (found.size() >= CACHED_TOPICS) {
            found.clear();
        }
        found.put(topic, made);
        return made;
    }
}
