// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened in a run, as devices, targets and the gateway's books tell it. Any thread. */
final class History {
    private final Map<Stamp, Published> published = new LinkedHashMap<>();
    private final Set<Stamp> acknowledged = new HashSet<>();
    private final Map<String, List<Seen>> seen = new LinkedHashMap<>();
    private final Map<String, Set<Stamp>> deadLetters = new LinkedHashMap<>();
    private final Map<String, List<Books>> books = new LinkedHashMap<>();
    private final Set<String> stuck = new HashSet<>();
    private long sentAgain;
    private int starts;

    /** The gateway was started: its books begin anew. */
    synchronized void started() {
        starts++;
    }

    synchronized void published(Published message) {
        if (published.put(message.stamp(), message) != null) {
            throw new IllegalArgumentException(message.stamp() + " is published twice");
        }
    }

    /** A device sent again what may have been taken. */
    synchronized void sentAgain() {
        sentAgain++;
    }

    /** PUBACK or PUBREC came. */
    synchronized void acknowledged(Stamp stamp) {
        acknowledged.add(stamp);
    }

    /** All that is in a target, in the order in which it stands there. */
    synchronized void seen(String target, List<Seen> messages) {
        seen.put(target, List.copyOf(messages));
    }

    /** A message is among the dead letters of a target. */
    synchronized void deadLetter(String target, Stamp stamp) {
        deadLetters.computeIfAbsent(target, name -> new HashSet<>()).add(stamp);
    }

    /** What the gateway said of the outbox of a target. */
    synchronized void books(String target, Books said) {
        books.computeIfAbsent(target, name -> new ArrayList<>()).add(said);
    }

    /** A target did not get the last of what was acknowledged, though it was waited for. */
    synchronized void stuck(String target) {
        stuck.add(target);
    }

    synchronized boolean isStuck(String target) {
        return stuck.contains(target);
    }

    synchronized Map<Stamp, Published> published() {
        return Map.copyOf(published);
    }

    synchronized Set<Stamp> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    synchronized List<Seen> seen(String target) {
        return seen.getOrDefault(target, List.of());
    }

    synchronized Set<Stamp> deadLetters(String target) {
        return Set.copyOf(deadLetters.getOrDefault(target, Set.of()));
    }

    synchronized List<Books> books(String target) {
        return List.copyOf(books.getOrDefault(target, List.of()));
    }

    synchronized long timesSentAgain() {
        return sentAgain;
    }

    synchronized int starts() {
        return starts;
    }
}
