// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code introspection:} of an authenticator. */
@Description(
        "An OAuth 2.0 access token as the password, which the server that has issued it is asked about (RFC 7662). Whose"
                + " token is not active is left to the next authenticator; when the server fails or is late, the device is refused."
                + " Every password that comes this far is sent to the server, so put the authenticators that know users before it.")
public record IntrospectionSettings(
        @Description("The introspection endpoint: an `https` URL.")
        String url,

        @Description("The gateway's own name at the server.")
        String clientId,

        @Description("The gateway's own secret at the server.")
        Secret clientSecret,

        @Description("File of the authorities trusted for the URL, in PEM. Left out, the JVM's own.") @Nullable String ca,

        @Description("The `aud` that tokens must have; of several, one. Left out, any.") @DefaultValue("[]")
        List<String> audience,

        @Description("The member of the answer that says what the device is called.") @DefaultValue("sub")
        String username,

        @Description(
                "The member with the names of the device's roles, such as `scope`: a list, or a text with blanks or commas"
                        + " between them. `a.b` is the member b of the object a.")
        @Nullable String roles,

        @Description("Roles of everybody with a token, beside those of the answer.") @DefaultValue("[]")
        List<String> role,

        @Description("How long an answer is used again for the same token, but not longer than the token is valid."
                + " 0s to 1h.")
        @DefaultValue("60s")
        Duration cache,

        @Description("How long an answer may take. 100ms to 4s.") @DefaultValue("3s")
        Duration timeout) {

    public IntrospectionSettings {
        audience = List.copyOf(audience);
        role = List.copyOf(role);
        Urls.check("url", url);
        Urls.checkTimes(cache, timeout);
        if (clientId.isBlank()) {
            throw new InvalidSettingException("client-id", "must not be empty");
        }
        if (clientSecret.reveal().isEmpty()) {
            throw new InvalidSettingException("client-secret", "must not be empty");
        }
    }
}
