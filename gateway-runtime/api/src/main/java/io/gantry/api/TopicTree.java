// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries by Topic Filter, one node for each level. Walks with a list of its own, never by recursion. One thread at a time;
 * many may look into one that nobody changes any more.
 */
public final class TopicTree<T> {
    /** Up to so many entries under one filter are looked through one by one. */
    private static final int FEW = 16;

    private final Node<T> root = new Node<>();

    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>();

        /** In the order they came: a list while they are few, which is small, and then a set, which stays quick. */
        Collection<T> entries = new ArrayList<>(1);

        @Nullable Node<T> anyLevel;

        @Nullable Node<T> anyLevels;

        @Nullable Node<T> child(String level) {
            return switch (level) {
                case "+" -> anyLevel;
                case "#" -> anyLevels;
                default -> children.get(level);
            };
        }

        Node<T> childOrNew(String level) {
            Node<T> known = child(level);
            if (known != null) {
                return known;
            }
            Node<T> made = new Node<>();
            switch (level) {
                case "+" -> anyLevel = made;
                case "#" -> anyLevels = made;
                default -> children.put(level, made);
            }
            return made;
        }

        void removeChild(String level) {
            switch (level) {
                case "+" -> anyLevel = null;
                case "#" -> anyLevels = null;
                default -> children.remove(level);
            }
        }

        void addEntry(T entry) {
            if (entries.size() == FEW && entries instanceof List) {
                entries = new LinkedHashSet<>(entries);
            }
            if (entries.size() > FEW || !entries.contains(entry)) {
                entries.add(entry);
            }
        }

        boolean isEmpty() {
            return entries.isEmpty() && children.isEmpty() && anyLevel == null && anyLevels == null;
        }
    }

    /** Adds an entry; one that is there already under that filter is not added again. */
    public void add(TopicFilter filter, T entry) {
        Node<T> node = root;
        for (String level : levels(filter.value())) {
            node = node.childOrNew(level);
        }
        node.addEntry(entry);
    }

    boolean remove(TopicFilter filter, T entry) {
        List<String> levels = levels(filter.value());
        Deque<Node<T>> path = new ArrayDeque<>();
        Node<T> node = root;
        for (String level : levels) {
            path.push(node);
            node = node.child(level);
            if (node == null) {
                return false;
            }
        }
        boolean removed = node.entries.remove(entry);
        for (int i = levels.size() - 1; i >= 0 && node.isEmpty(); i--) {
            node = path.pop();
            node.removeChild(levels.get(i));
        }
        return removed;
    }

    /**
     * Finds the entries whose filter matches.
     *
     * @param matching is added to
     */
    public void match(TopicName topic, List<T> matching) {
        String text = topic.value();
        List<Node<T>> reached = new ArrayList<>();
        List<Node<T>> next = new ArrayList<>();
        reached.add(root);
        boolean wildcards = !topic.isReserved();
        for (int from = 0; from <= text.length() && !reached.isEmpty(); wildcards = true) {
            int slash = text.indexOf('/', from);
            int end = slash < 0 ? text.length() : slash;
            step(reached, text.substring(from, end), wildcards, next, matching);
            from = end + 1;
            List<Node<T>> passed = reached;
            reached = next;
            next = passed;
            next.clear();
        }
        for (Node<T> node : reached) {
            matching.addAll(node.entries);
            if (node.anyLevels != null) {
                // "sport/#" also matches "sport" itself [5.0 §4.7.1.2]
                matching.addAll(node.anyLevels.entries);
            }
        }
    }

    private static <T> void step(
            List<Node<T>> reached, String level, boolean wildcards, List<Node<T>> next, List<T> matching) {
        for (int i = 0; i < reached.size(); i++) {
            Node<T> node = reached.get(i);
            Node<T> exact = node.children.get(level);
            if (exact != null) {
                next.add(exact);
            }
            if (wildcards && node.anyLevel != null) {
                next.add(node.anyLevel);
            }
            if (wildcards && node.anyLevels != null) {
                matching.addAll(node.anyLevels.entries);
            }
        }
    }

    private static List<String> levels(String text) {
        List<String> levels = new ArrayList<>();
        int from = 0;
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', from)) {
            levels.add(text.substring(from, slash));
            from = slash + 1;
        }
        levels.add(text.substring(from));
        return levels;
    }
}
