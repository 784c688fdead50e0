// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

/** One entry under {@code security.authenticate}: one way, named by its only key. */
@Description("One way to find out who a device is; it has one key.")
public record AuthenticatorSettings(
        @Description("User names and passwords from a file.") @Nullable PasswordFileSettings passwordFile) {
    public AuthenticatorSettings {
        if (passwordFile == null) {
            throw new InvalidSettingException("must have one of the keys password-file");
        }
    }

    /** Whether it may accept somebody for his password. */
    boolean looksAtPasswords() {
        return true;
    }
}
