// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Place;
import io.gantry.app.yaml.Problems;
import io.gantry.connectors.spi.GuardedSettings;
import io.gantry.security.RoleSettings;
import java.util.Map;

/** Refuses an endpoint whose callers come under {@code security:} where that says nothing, or has no such role. */
final class GuardedEndpoints {

    private GuardedEndpoints() {}

    static void check(GatewaySettings settings, Binder binder, Problems problems) {
        for (EndpointEntry endpoint : settings.endpoints().values()) {
            if (endpoint.settings() instanceof GuardedSettings guarded && guarded.isUnderSecurity()) {
                check(guarded, binder.placeOf(endpoint.settings()), settings, problems);
            }
        }
    }

    private static void check(GuardedSettings guarded, Place place, GatewaySettings settings, Problems problems) {
        if (settings.security().isOpen()) {
            problems.add(
                    place,
                    "security: true, and nothing at the top of the file says who may call: expected security:"
                            + " {authenticate: [{password-file: users.txt}], roles: {…}}");
            return;
        }
        Map<String, RoleSettings> roles = settings.security().roles();
        for (String role : guarded.roles()) {
            if (roles == null || !roles.containsKey(role)) {
                problems.add(place, "role: no role under security: is called '" + role + "'");
            }
        }
    }
}
