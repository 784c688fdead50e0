// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The books of one outbox: what came in, and what became of it. At every moment accepted = delivered + dead-lettered +
 * expired + dropped + waiting. Any thread.
 */
public final class Ledger {
    private final String route;
    private final String target;
    private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private final Histogram acknowledged = new Histogram();
    private final Histogram endToEnd = new Histogram();
    private long accepted;
    private long delivered;
    private long deadLettered;
    private long expired;
    private long retried;
    private long refused;
    private long replayed;
    private long waiting;
    private long waitingBytes;
    private State state = State.DELIVERING;
    private @Nullable String lastError;

    /** How it goes with an outbox. */
    public enum State {
        /** Messages are sent as they come. */
        DELIVERING,
        /** The target does not take them now and is tried again. */
        RETRYING,
        /** Nothing goes until somebody mends something; the target is probed slowly. */
        PARKED,
        /** Nothing goes until somebody mends something and starts the gateway again. */
        STOPPED
    }

    /** Why an accepted message was dropped. */
    public enum DropReason {
        /** The outbox was full and its policy says that the oldest goes. */
        FULL_OLDEST,
        /** The outbox was full and its policy says that the newest goes. */
        FULL_NEWEST,
        /** QoS 0, and no room in memory. */
        NO_MEMORY,
        /** QoS 0, and the one attempt failed. */
        ATTEMPT_FAILED,
        /** It had waited for {@code max-age} without being tried. */
        TOO_OLD
    }

    /**
     * The books at one moment.
     *
     * @param route the route's name in the YAML
     * @param target the name of the endpoint, with a number when the route names it several times
     * @param accepted messages the outbox took responsibility for, with those it found at the start and those replayed
     * @param refused messages not taken, so that whoever brought them still has them
     * @param oldestMillis age of the oldest message waiting, in milliseconds; 0 when none is
     * @param acknowledged from the message's arrival to the moment at which its device could be told
     * @param endToEnd from the message's arrival to the target's confirmation
     * @param lastError what the target or the route last failed with; null when it never did
     */
    public record Snapshot(
            String route,
            String target,
            long accepted,
            long delivered,
            long deadLettered,
            long expired,
            Map<DropReason, Long> dropped,
            long retried,
            long refused,
            long replayed,
            long waiting,
            long waitingBytes,
            long oldestMillis,
            Histogram.Snapshot acknowledged,
            Histogram.Snapshot endToEnd,
            State state,
            @Nullable String lastError) {}

    /** Books with nothing in them. */
    public Ledger(String route, String target) {
        this.route = route;
        this.target = target;
    }

    /** Messages found waiting at the start. */
    synchronized void found(long messages, long bytes) {
        accepted += messages;
        waiting += messages;
        waitingBytes += bytes;
    }

    /** A message was taken. */
    synchronized void accepted(long bytes) {
        accepted++;
        waiting++;
        waitingBytes += bytes;
    }

    /** A message was taken, and its device could be told at once. */
    synchronized void acceptedAndAcknowledged(long bytes, long micros) {
        accepted(bytes);
        acknowledged(micros);
    }

    /** A dead letter was put back; it is counted as accepted besides. */
    synchronized void replayed() {
        replayed++;
    }

    synchronized void refused() {
        refused++;
    }

    synchronized void retried() {
        retried++;
    }

    synchronized void delivered(long bytes, long endToEndMicros) {
        delivered++;
        gone(bytes);
        endToEnd.add(endToEndMicros);
    }

    synchronized void deadLettered(long bytes) {
        deadLettered++;
        gone(bytes);
    }

    synchronized void expired(long bytes) {
        expired++;
        gone(bytes);
    }

    synchronized void dropped(DropReason reason, long bytes) {
        dropped.merge(reason, 1L, Long::sum);
        gone(bytes);
    }

    private void gone(long bytes) {
        waiting--;
        waitingBytes -= bytes;
    }

    /** A device could be told that its message is taken. */
    synchronized void acknowledged(long micros) {
        acknowledged.add(micros);
    }

    synchronized void state(State now) {
        state = now;
    }

    /** Something went wrong. */
    synchronized void failed(String error) {
        lastError = error;
    }

    synchronized long waiting() {
        return waiting;
    }

    synchronized long waitingBytes() {
        return waitingBytes;
    }

    /** Everything at one moment. */
    synchronized Snapshot snapshot(long oldestMillis) {
        return new Snapshot(
                route,
                target,
                accepted,
                delivered,
                deadLettered,
                expired,
                Collections.unmodifiableMap(new EnumMap<>(dropped)),
                retried,
                refused,
                replayed,
                waiting,
                waitingBytes,
                waiting == 0 ? 0 : oldestMillis,
                acknowledged.snapshot(),
                endToEnd.snapshot(),
                state,
                lastError);
    }
}
