// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.DeviceSide.Subscription;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is not let in: by address, Client Identifier, both of them, or user name, for a while or until he is taken off the list.
 * Empty after a restart. Holds at most 10,000 bans: when it is full, the oldest that the gateway has made by itself gives way.
 * At most half are of devices that flap. Any thread.
 */
public final class BanList {
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Map<Subject, Ban> bans = new ConcurrentHashMap<>();
    private final List<Consumer<Ban>> onAdded = new CopyOnWriteArrayList<>();

    /** What a ban goes by. */
    public enum Kind {
        ADDRESS,
        CLIENT_ID,
        /** A Client Identifier where it comes from one address: elsewhere it may be another device's. */
        CLIENT_AT_ADDRESS,
        USERNAME
    }

    /**
     * Who is banned.
     *
     * @param value as a device shows it; an address without port, as {@link AddressBlock} prints it; for both, such as
     *     {@code sensor-7@10.0.0.7}
     */
    public record Subject(Kind kind, String value) {

        /** @throws IllegalArgumentException when an address is none, with a text that says so */
        public Subject {
            if (kind == Kind.ADDRESS) {
                value = AddressBlock.fromText(value).toString();
            } else if (kind == Kind.CLIENT_AT_ADDRESS) {
                value = clientAtAddress(value);
            } else if (value.isEmpty()) {
                throw new IllegalArgumentException("must not be empty");
            }
        }
    }

    /** An address has no {@code @}, so that the last one divides. */
    private static String clientAtAddress(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException(
                    "must be a Client Identifier and an address, such as sensor-7@10.0.0.7, was '" + text + "'");
        }
        return text.substring(0, at + 1) + AddressBlock.fromText(text.substring(at + 1));
    }

    /**
     * One entry.
     *
     * @param sinceMillis wall-clock time from which it holds, in milliseconds since 1970
     * @param untilMillis wall-clock time at which it ends; {@link #WITHOUT_END} for one that does not
     * @param automatic whether the gateway made it, for too many failed logins or connections that are gone at once
     */
    public record Ban(Subject subject, long sinceMillis, long untilMillis, boolean automatic) {
        /** Until it is taken off the list. */
        public static final long WITHOUT_END = Long.MAX_VALUE;

        /** A clock that is set back does not make it longer. */
        private boolean holdsAt(long nowMillis) {
            return untilMillis == WITHOUT_END || (nowMillis >= sinceMillis && nowMillis < untilMillis);
        }
    }

    /** Nobody is banned. */
    public BanList(Clock clock) {
        this.clock = clock;
    }

    /** Those who are banned now, the latest first. */
    public List<Ban> list() {
        forgetWhatIsOver();
        return bans.values().stream()
                .sorted(Comparator.comparingLong(Ban::sinceMillis).reversed())
                .toList();
    }

    /**
     * Bans somebody, in place of a ban he has; whoever of that address or name is connected is disconnected.
     *
     * @param untilMillis as in {@link Ban}
     * @throws IllegalStateException when the list is full
     */
    public void add(Subject subject, long untilMillis) {
        if (!put(new Ban(subject, clock.millis(), untilMillis, false))) {
            throw new IllegalStateException("as many bans as there may be: " + MOST);
        }
    }

    /** The gateway bans somebody who is not banned for longer; whoever of that address or name is connected stays. */
    public void addAutomatically(Subject subject, long forMillis) {
        long now = clock.millis();
        Ban ban = new Ban(subject, now, now + forMillis, true);
        Ban before = bans.get(subject);
        if (before == null || !before.holdsAt(now) || before.untilMillis < ban.untilMillis) {
            put(ban);
        }
    }

    private boolean put(Ban ban) {
        if (!bans.containsKey(ban.subject) && !hasRoomFor(ban)) {
            return false;
        }
        bans.put(ban.subject, ban);
        onAdded.forEach(step -> step.accept(ban));
        return true;
    }

    private boolean hasRoomFor(Ban ban) {
        // names are made up at no cost, and must leave room for other bans
        boolean flaps = ban.automatic && ban.subject.kind == Kind.CLIENT_AT_ADDRESS;
        int most = flaps ? MOST / 2 : MOST;
        if (bans.size() >= most) {
            forgetWhatIsOver();
        }
        if (bans.size() >= most && !flaps) {
            forgetTheOldest();
        }
        return bans.size() < most;
    }

    /** Who guesses from very many addresses must not fill the list, so that nobody could be banned any more. */
    private void forgetTheOldest() {
        bans.values().stream()
                .filter(Ban::automatic)
                .min(Comparator.comparingLong(Ban::sinceMillis))
                .ifPresent(oldest -> bans.remove(oldest.subject));
    }

    /** Ends a ban; false when there is none. */
    public boolean remove(Subject subject) {
        Ban removed = bans.remove(subject);
        return removed != null && removed.holdsAt(clock.millis());
    }

    /** Whether one of them is banned; null stands for nobody. */
    public boolean isAnyBanned(InetAddress address, String clientId, @Nullable String username) {
        if (bans.isEmpty()) {
            return false;
        }
        AddressBlock block = new AddressBlock(address);
        return isBanned(block)
                || isBanned(Kind.CLIENT_ID, clientId)
                || isBanned(Kind.USERNAME, username)
                || (!clientId.isEmpty() && isBanned(Kind.CLIENT_AT_ADDRESS, clientId + "@" + block));
    }

    /** Whether whoever comes from there is banned. */
    public boolean isBanned(AddressBlock address) {
        return !bans.isEmpty() && isBanned(Kind.ADDRESS, address.toString());
    }

    private boolean isBanned(Kind kind, @Nullable String value) {
        Ban ban = value == null || value.isEmpty() ? null : bans.get(new Subject(kind, value));
        return ban != null && ban.holdsAt(clock.millis());
    }

    private void forgetWhatIsOver() {
        long now = clock.millis();
        bans.values().removeIf(ban -> !ban.holdsAt(now));
    }

    /** Has a step told of each new ban, on the thread that makes it, until this is closed. */
    public Subscription onAdded(Consumer<Ban> step) {
        onAdded.add(step);
        return () -> onAdded.remove(step);
    }
}
