// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.time.Duration;

/** The {@code buffer:} of a route's delivery: the bounds of its outboxes. */
@Description("How much may wait on disk for each target of a route.")
public record BufferSettings(
        @Description(
                "Bytes that may wait for a target: payloads, Topic Names and 128 for each message. At least 64KiB.")
        @DefaultValue("10GiB")
        ByteSize maxBytes,

        @Description("How long a message may wait without having been tried; an older one is dropped and counted."
                + " 1s to 3650d.")
        @DefaultValue("7d")
        Duration maxAge,

        @Description(
                "What happens to a message when max-bytes is reached: `refuse` (the device keeps it), `drop-oldest`"
                        + " or `drop-newest`; what is dropped is counted.")
        @DefaultValue("refuse")
        WhenFull whenFull) {

    private static final long LEAST_BYTES = 64 * 1024;

    public BufferSettings {
        if (maxBytes.bytes() < LEAST_BYTES) {
            throw new InvalidSettingException("max-bytes", "must be at least 64KiB, was " + maxBytes);
        }
        if (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(Duration.ofDays(3_650)) > 0) {
            throw new InvalidSettingException("max-age", "must be 1s to 3650d");
        }
    }
}
