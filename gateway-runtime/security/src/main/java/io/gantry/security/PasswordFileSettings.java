// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import java.util.List;

/** The {@code password-file:} of an authenticator. Written short as the file alone. */
@Description("User names and passwords from a file.")
public record PasswordFileSettings(
        @Description("The file, as `gantry passwd` writes it; read again when it changes.")
        String file,

        @Description("Roles of everybody in the file, beside those that the file gives.") @DefaultValue("[]")
        List<String> role) {
    public PasswordFileSettings {
        role = List.copyOf(role);
    }
}
