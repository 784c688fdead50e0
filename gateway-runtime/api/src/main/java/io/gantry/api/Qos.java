// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/** The delivery promise of one PUBLISH between one sender and one receiver [5.0 §4.3]. */
public enum Qos {
    AT_MOST_ONCE(0),
    AT_LEAST_ONCE(1),
    EXACTLY_ONCE(2);

    private static final Qos[] BY_LEVEL = values();

    private final int level;

    Qos(int level) {
        this.level = level;
    }

    /** The number on the wire: 0, 1 or 2. */
    public int level() {
        return level;
    }

    /**
     * The QoS of a level that is known to be valid.
     *
     * @throws IllegalArgumentException when the level is not 0, 1 or 2
     */
    public static Qos of(int level) {
        if (level < 0 || level > 2) {
            throw new IllegalArgumentException("must be 0, 1 or 2");
        }
        return BY_LEVEL[level];
    }

    /**
     * Reads {@code 0}, {@code 1} or {@code 2}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Qos fromText(String text) {
        return switch (text) {
            case "0" -> AT_MOST_ONCE;
            case "1" -> AT_LEAST_ONCE;
            case "2" -> EXACTLY_ONCE;
            default -> throw new IllegalArgumentException("must be 0, 1 or 2");
        };
    }

    /** The lower of both, as a subscription caps what was published [5.0 §3.8.4]. */
    public Qos atMost(Qos limit) {
        return level <= limit.level ? this : limit;
    }

    @Override
    public String toString() {
        return Integer.toString(level);
    }
}
