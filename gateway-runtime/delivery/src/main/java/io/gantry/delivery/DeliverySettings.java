// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;

/** The {@code delivery:} of a route. */
@Description("How a route's messages wait and when the device is acknowledged.")
public record DeliverySettings(
        @Description("When a QoS 1 or 2 message is acknowledged to the device: `delivered`, once every matching route's"
                + " target has confirmed it.")
        @DefaultValue("delivered")
        AckPoint ack,

        @Description(
                "Messages of this route that may wait for the target's confirmation; more are refused as unavailable.")
        @DefaultValue("100000")
        int maxInFlight,

        @Description("Payload bytes of this route that may wait for the target's confirmation; more are refused as"
                + " unavailable.")
        @DefaultValue("64MiB")
        ByteSize maxInFlightBytes) {

    public DeliverySettings {
        if (maxInFlight < 1) {
            throw new InvalidSettingException("max-in-flight", "must be at least 1, was " + maxInFlight);
        }
        if (maxInFlightBytes.bytes() < 1) {
            throw new InvalidSettingException("max-in-flight-bytes", "must be at least 1");
        }
    }
}
