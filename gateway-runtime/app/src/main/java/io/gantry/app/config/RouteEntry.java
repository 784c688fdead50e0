// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.delivery.DeliverySettings;
import java.util.List;

/** One entry under {@code routes:}. */
@Description("A way of messages from one side to one or several others.")
public record RouteEntry(
        @Description("Where messages come from: `mqtt` for devices, `camel` for a Camel URI, or an endpoint's name; and"
                + " what is wanted of it.")
        RouteFrom from,

        @Description("Where each message goes: `mqtt`, `camel` or an endpoint's name, and what is wanted of it. One, or"
                + " a list of several, each of which gets every message.")
        List<RouteTo> to,

        @Description("How messages wait, and when the device is acknowledged.") @DefaultValue("{}")
        DeliverySettings delivery) {

    public RouteEntry {
        if (to.isEmpty()) {
            throw new InvalidSettingException("to", "must name at least one side");
        }
    }
}
