// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds a history against a promise. */
final class Checker {
    private final History history;
    private final Promise promise;
    private final Map<Stamp, Published> published;
    private final Set<Stamp> acknowledged;
    private final Verdict verdict;

    private Checker(History history, Promise promise) {
        this.history = history;
        this.promise = promise;
        this.published = history.published();
        this.acknowledged = history.acknowledged();
        this.verdict = new Verdict(acknowledged.size());
    }

    static Verdict check(History history, Promise promise) {
        Checker checker = new Checker(history, promise);
        promise.targets().keySet().forEach(checker::checkTarget);
        checker.checkRepetitions();
        return checker.verdict;
    }

    private void checkTarget(String target) {
        Set<Stamp> arrived = new HashSet<>(history.deadLetters(target));
        Map<Stamp, Set<String>> idsOf = new HashMap<>();
        Map<String, Integer> latest = new HashMap<>();
        for (Seen message : history.seen(target)) {
            Published original = originalOf(target, message);
            if (original != null) {
                checkRoute(target, original);
                if (idsOf.containsKey(original.stamp())) {
                    countAgain(original, !idsOf.get(original.stamp()).contains(message.id()), target);
                } else {
                    checkOrder(target, original, latest);
                }
                idsOf.computeIfAbsent(original.stamp(), stamp -> new HashSet<>())
                        .add(message.id());
                arrived.add(original.stamp());
            }
        }
        for (Stamp stamp : acknowledged) {
            if (!arrived.contains(stamp) && leadsTo(target, published.get(stamp))) {
                verdict.add(Breach.LOST, 1, stamp + " at " + target);
            }
        }
        verdict.add(Breach.STUCK, history.isStuck(target) ? 1 : 0, target);
        checkBooks(target);
    }

    /** The message that was published; null when nobody published this one. */
    private Published originalOf(String target, Seen message) {
        Published original = message.stamp().map(published::get).orElse(null);
        if (original == null
                || original.digest() != message.digest()
                || !original.topic().equals(message.topic())) {
            verdict.add(Breach.CORRUPTED, 1, message + " at " + target);
            return null;
        }
        return original;
    }

    private boolean leadsTo(String target, Published message) {
        return promise.targets().get(target).test(message.topic());
    }

    private void checkRoute(String target, Published message) {
        if (!leadsTo(target, message)) {
            verdict.add(Breach.MISROUTED, 1, message.stamp() + " of " + message.topic() + " at " + target);
        }
    }

    /** QoS 0 keeps its order among itself only: it does not wait for the disk. */
    private void checkOrder(String target, Published message, Map<String, Integer> latest) {
        Stamp stamp = message.stamp();
        String key = stamp.device() + (message.qos() == 0 ? " at QoS 0" : "");
        int before = latest.getOrDefault(key, 0);
        if (stamp.number() < before) {
            verdict.add(Breach.REORDERED, 1, stamp + " after " + before + " at " + target);
        } else {
            latest.put(key, stamp.number());
        }
    }

    private void countAgain(Published message, boolean asAnother, String target) {
        if (asAnother) {
            verdict.countPublishedAgain();
        } else {
            verdict.countRepeated();
        }
        boolean allowed = asAnother ? message.qos() == 1 : message.qos() > 0 && !promise.handedOnOnce();
        verdict.add(Breach.DOUBLED, allowed ? 0 : 1, message + " at " + target);
    }

    private void checkRepetitions() {
        long tooMany = verdict.repeated() - promise.mostRepeats();
        verdict.add(Breach.DOUBLED, promise.handedOnOnce() ? 0 : tooMany, "more repeated than was under way");
        long most = history.timesSentAgain() * promise.targets().size();
        verdict.add(Breach.DOUBLED, verdict.publishedAgain() - most, "more came twice than devices had sent twice");
    }

    private void checkBooks(String target) {
        List<Books> all = history.books(target);
        for (Books books : all) {
            verdict.add(Breach.UNACCOUNTED, books.gap(), books + " of " + target);
        }
        boolean isToldNothing = all.isEmpty() && history.starts() > 0;
        verdict.add(Breach.UNACCOUNTED, isToldNothing ? 1 : 0, "no books of " + target);
        if (!all.isEmpty()) {
            Books last = all.get(all.size() - 1);
            long seen = history.seen(target).size();
            verdict.add(Breach.STUCK, last.waiting(), last + " of " + target);
            verdict.add(Breach.UNACCOUNTED, last.delivered() - seen, last + ", but " + seen + " at " + target);
            if (history.starts() == 1) {
                long taken = acknowledged.stream()
                        .filter(stamp -> leadsTo(target, published.get(stamp)))
                        .count();
                verdict.add(
                        Breach.UNACCOUNTED,
                        taken - last.accepted(),
                        last + ", but " + taken + " acknowledged for " + target);
            }
        }
    }
}
