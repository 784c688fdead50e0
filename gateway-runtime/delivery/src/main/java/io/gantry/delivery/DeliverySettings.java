// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The {@code delivery:} of a route. */
@Description(
        "How a route's messages wait, in which order and how long they are tried, and when the device is acknowledged.")
public record DeliverySettings(
        @Description("When a QoS 1 or 2 message is acknowledged to the device: `stored`, once it is on disk, so that no"
                + " outage of the target reaches the devices; `delivered`, once the target has confirmed it, and with one"
                + " attempt, since the device keeps it; `received`, at once and in memory only, so that a crash loses it."
                + " QoS 0 waits in memory always.")
        @DefaultValue("stored")
        AckPoint ack,

        @Description("Which messages reach the target in the order they came: those of one `device`, of one `topic`, or"
                + " `none`.")
        @DefaultValue("device")
        OrderKey order,

        @Description("Messages sent side by side to a target that does not keep their order itself; messages that must"
                + " keep it are sent one after the other all the same. 1 to 1000.")
        @DefaultValue("16")
        int parallel,

        @Description("How much may wait on disk.") @DefaultValue("{}")
        BufferSettings buffer,

        @Description("How long to wait between attempts.") @DefaultValue("{}")
        RetrySettings retry,

        @Description("How long after its arrival a message that fails is tried before it becomes a dead letter. 1s at"
                + " least; by default as long as buffer.max-age.")
        @Nullable Duration giveUpAfter,

        @Description("Messages for one target that may be in memory. What is stored waits on disk beyond that; what is"
                + " not is refused as unavailable (QoS 0: dropped and counted).")
        @DefaultValue("100000")
        int maxInFlight,

        @Description("The same in bytes of payload, Topic Name and 128 for each message.") @DefaultValue("64MiB")
        ByteSize maxInFlightBytes) {

    public DeliverySettings {
        if (parallel < 1 || parallel > 1_000) {
            throw new InvalidSettingException("parallel", "must be 1 to 1000, was " + parallel);
        }
        if (giveUpAfter != null && giveUpAfter.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new InvalidSettingException("give-up-after", "must be at least 1s");
        }
        if (maxInFlight < 1) {
            throw new InvalidSettingException("max-in-flight", "must be at least 1, was " + maxInFlight);
        }
        if (maxInFlightBytes.bytes() < 1) {
            throw new InvalidSettingException("max-in-flight-bytes", "must be at least 1");
        }
    }

    /** When a message of that QoS is acknowledged. */
    AckPoint ackOf(Qos qos) {
        return qos == Qos.AT_MOST_ONCE ? AckPoint.RECEIVED : ack;
    }

    Duration givesUpAfter() {
        return giveUpAfter == null ? buffer.maxAge() : giveUpAfter;
    }
}
