// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import java.time.Duration;

/** Refuses settings that are less than the least or more than the most; either of these is allowed. */
public final class Bounds {
    private Bounds() {}

    /** @throws InvalidSettingException when it is not within them */
    public static void within(String key, long value, long least, long most) {
        require(value >= least && value <= most, key, least, most, value);
    }

    /** @throws InvalidSettingException when it is not within them */
    public static void within(String key, Duration value, Duration least, Duration most) {
        boolean isWithin = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        require(isWithin, key, shown(least), shown(most), shown(value));
    }

    /** @throws InvalidSettingException when it is not within them, which are bytes */
    public static void within(String key, ByteSize value, long least, long most) {
        boolean isWithin = value.bytes() >= least && value.bytes() <= most;
        require(isWithin, key, new ByteSize(least), new ByteSize(most), value);
    }

    private static void require(boolean isWithin, String key, Object least, Object most, Object found) {
        if (!isWithin) {
            throw new InvalidSettingException(key, "must be " + least + " to " + most + ", was " + found);
        }
    }

    /** As users write it: {@code 1h}, {@code 90s}, {@code 250ms}. */
    public static String shown(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0 || millis % 1_000 != 0) {
            return millis == 0 ? "0s" : millis + "ms";
        }
        if (millis % 60_000 != 0) {
            return duration.toSeconds() + "s";
        }
        if (duration.toMinutes() % 60 != 0) {
            return duration.toMinutes() + "m";
        }
        return duration.toHours() % 24 == 0 ? duration.toDays() + "d" : duration.toHours() + "h";
    }
}
