// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import java.util.List;

/** The {@code scram:} of an authenticator. Written short as the file alone. */
@Description(
        "User names and passwords over MQTT 5's enhanced authentication, by the method `SCRAM-SHA-256`: the password is"
                + " never sent, and the device sees that the gateway knows it too.")
public record ScramSettings(
        @Description("The file, as `gantry passwd add --scram` writes it; read again when it changes.")
        String file,

        @Description("Roles of everybody in the file, beside those that the file gives.") @DefaultValue("[]")
        List<String> role) {
    public ScramSettings {
        role = List.copyOf(role);
    }
}
