// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.time.Duration;

/** The {@code limits.overload:} of the YAML: from where on load is shed. */
@Description(
        "Marks above which the gateway is overloaded. At a mark, new connections are refused (0x89; 0x03 to 3.1.1) and"
                + " messages of QoS 0 from devices are dropped; half-way between a mark and 100 %, or at twice the loop lag,"
                + " connections are also closed as soon as they are accepted, and a device that publishes is read one message a"
                + " second. Nothing of QoS 1 and 2 is lost. It ends a tenth below the mark.")
public record OverloadSettings(
        @Description(
                "Share of the largest heap that is in use after garbage collections, for five seconds in a row. 1% to"
                        + " 99%; 0% for no mark.")
        @DefaultValue("85%")
        Percent heap,

        @Description(
                "Share of the largest direct memory, where packets are read and written, that is in use. 1% to 99%; 0%"
                        + " for no mark.")
        @DefaultValue("85%")
        Percent directMemory,

        @Description(
                "How long the slowest event loop takes to get to something new, for three seconds in a row. 10ms to 1m;"
                        + " 0s for no mark.")
        @DefaultValue("1s")
        Duration loopLag) {

    public OverloadSettings {
        check("heap", heap);
        check("direct-memory", directMemory);
        long lag = loopLag.toMillis();
        if (lag != 0 && (lag < 10 || lag > 60_000)) {
            throw new InvalidSettingException("loop-lag", "must be 10ms to 1m, or 0s for no mark, was " + lag + "ms");
        }
    }

    private static void check(String key, Percent share) {
        if (share.value() > 99) {
            throw new InvalidSettingException(key, "must be 1% to 99%, or 0% for no mark, was " + share);
        }
    }
}
