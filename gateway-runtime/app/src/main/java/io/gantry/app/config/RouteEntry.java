// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.delivery.DeliverySettings;
import io.gantry.routes.DecryptSettings;
import io.gantry.routes.EncryptSettings;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One entry under {@code routes:}. */
@Description("A way of messages from one side to one or several others.")
public record RouteEntry(
        @Description("Where messages come from: `mqtt` for devices, `camel` for a Camel URI, or an endpoint's name; and"
                + " what is wanted of it.")
        RouteFrom from,

        @Description("Where each message goes: `mqtt`, `camel` or an endpoint's name, and what is wanted of it. One, or"
                + " a list of several, each of which gets every message.")
        List<RouteTo> to,

        @Description(
                "How payloads of this route are opened before they go to any target. Answers of a target stay as they"
                        + " are.")
        @Nullable DecryptSettings decrypt,

        @Description(
                "How payloads of this route are encrypted for whoever is behind its targets, after `decrypt`. Answers"
                        + " of a target stay as they are.")
        @Nullable EncryptSettings encrypt,

        @Description("How messages wait, and when the device is acknowledged.") @DefaultValue("{}")
        DeliverySettings delivery,

        @Description("Where a copy of each message goes that becomes a dead letter, with why in the User Properties"
                + " `gantry-id`, `gantry-outbox`, `gantry-error` and `gantry-attempts`. An endpoint's name and what is"
                + " wanted of it; by default nowhere. Dead letters are kept by the gateway either way.")
        @Nullable RouteTo deadLetter) {

    public RouteEntry {
        if (to.isEmpty()) {
            throw new InvalidSettingException("to", "must name at least one side");
        }
    }

    /** Wherever messages of it go, dead letters included. */
    Stream<RouteTo> allTargets() {
        return Stream.concat(to.stream(), Stream.ofNullable(deadLetter));
    }
}
