// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries by Topic Filter, one node for each level. Walks with a list of its own, never by recursion. One thread at a time. */
final class TopicTree<T> {
    private final Node<T> root = new Node<>();

    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>();
        final List<T> entries = new ArrayList<>(1);

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

        boolean isEmpty() {
            return entries.isEmpty() && children.isEmpty() && anyLevel == null && anyLevels == null;
        }
    }

    void add(TopicFilter filter, T entry) {
        Node<T> node = root;
        for (String level : levels(filter.value())) {
            node = node.childOrNew(level);
        }
        node.entries.add(entry);
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

    void match(TopicName topic, List<T> matching) {
        List<String> levels = levels(topic.value());
        List<Node<T>> reached = List.of(root);
        for (int i = 0; i < levels.size() && !reached.isEmpty(); i++) {
            boolean wildcards = i > 0 || !topic.isReserved();
            reached = step(reached, levels.get(i), wildcards, matching);
        }
        for (Node<T> node : reached) {
            matching.addAll(node.entries);
            if (node.anyLevels != null) {
                // "sport/#" also matches "sport" itself [5.0 §4.7.1.2]
                matching.addAll(node.anyLevels.entries);
            }
        }
    }

    private static <T> List<Node<T>> step(List<Node<T>> reached, String level, boolean wildcards, List<T> matching) {
        List<Node<T>> next = new ArrayList<>();
        for (Node<T> node : reached) {
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
        return next;
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
