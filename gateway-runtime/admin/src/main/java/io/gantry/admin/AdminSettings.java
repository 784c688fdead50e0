// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;

/** The {@code admin:} of the YAML. */
@Description("The admin port: health, metrics, status and dead letters over HTTP.")
public record AdminSettings(
        @Description("Whether there is an admin port. Without it there are no metrics, and `gantry status` and"
                + " `gantry dead-letters` do not work.")
        @DefaultValue("true")
        boolean enabled,

        @Description("Where it listens, as `host:port`. Only loopback addresses are accepted in this version, since the"
                + " port has neither TLS nor authentication; port 0 takes a free one.")
        @DefaultValue("127.0.0.1:8080")
        AdminAddress listen) {}
