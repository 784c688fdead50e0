// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One entry under {@code security.authenticate}: one way, named by its only key. */
@Description("One way to find out who a device is; it has one key.")
public record AuthenticatorSettings(
        @Description("User names and passwords from a file.") @Nullable PasswordFileSettings passwordFile,

        @Description("The certificate of the TLS handshake.") @Nullable CertificateSettings certificate,

        @Description("Signed tokens (JWT).") @Nullable JwtSettings jwt,

        @Description("Passwords that are never sent, for MQTT 5 devices.") @Nullable ScramSettings scram,

        @Description("Access tokens that the server which issued them is asked about.") @Nullable IntrospectionSettings introspection,

        @Description("A server of yours that is asked about everybody.") @Nullable HttpHookSettings http) {
    public AuthenticatorSettings {
        if (Stream.of(passwordFile, certificate, jwt, scram, introspection, http)
                        .filter(Objects::nonNull)
                        .count()
                != 1) {
            throw new InvalidSettingException(
                    "must have one of the keys password-file, certificate, jwt, scram," + " introspection, http");
        }
    }

    /** Whether it may accept somebody for his password. */
    boolean looksAtPasswords() {
        return certificate == null && scram == null;
    }
}
