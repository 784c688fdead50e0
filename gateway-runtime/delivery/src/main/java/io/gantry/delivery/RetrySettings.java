// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.time.Duration;

/** The {@code retry:} of a route's delivery: how long it waits between attempts. */
@Description(
        "How a route waits between attempts at QoS 1 and 2. A target that says when to come back (`Retry-After`) is obeyed"
                + " for up to 15m.")
public record RetrySettings(
        @Description("Wait after the first failure; after each further one it doubles. 1ms to 1h.")
        @DefaultValue("200ms")
        Duration initial,

        @Description("Longest wait. 1ms to 1d, and not below `initial`.") @DefaultValue("30s")
        Duration max,

        @Description("Share of a wait that is left to chance, so that not all come back at once. 0 to 1.")
        @DefaultValue("0.2")
        double jitter,

        @Description("Failures in a row after which the target is tried by one message at a time. At least 1.")
        @DefaultValue("5")
        int breaker,

        @Description("How often a parked route probes its target: one whose trouble somebody must mend, such as a wrong"
                + " password or a missing Kafka topic. 1s to 1d.")
        @DefaultValue("1m")
        Duration parked,

        @Description("How long one attempt may take before it counts as failed, where the connector has no limit of its"
                + " own. 100ms to 1h.")
        @DefaultValue("2m")
        Duration timeout) {

    public RetrySettings {
        within("initial", initial, Duration.ofMillis(1), Duration.ofHours(1));
        within("max", max, initial, Duration.ofDays(1));
        within("parked", parked, Duration.ofSeconds(1), Duration.ofDays(1));
        within("timeout", timeout, Duration.ofMillis(100), Duration.ofHours(1));
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new InvalidSettingException("jitter", "must be 0 to 1, was " + jitter);
        }
        if (breaker < 1) {
            throw new InvalidSettingException("breaker", "must be at least 1, was " + breaker);
        }
    }
}
