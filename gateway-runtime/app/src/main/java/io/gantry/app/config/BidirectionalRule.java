// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.Description;

/** What an entry under {@code routes:} may be in place of a {@link RouteEntry}: both ways at once. */
@Description(
        "A bidirectional rule: two routes, `NAME.up` and `NAME.down`, with one status. What one half has carried away"
                + " does not come back through the other, nor through another gateway: messages are marked with the gateways that"
                + " have passed them on.")
record BidirectionalRule(
        @Description("The route from the devices.") RouteEntry up,
        @Description("The route to the devices.") RouteEntry down) {}
