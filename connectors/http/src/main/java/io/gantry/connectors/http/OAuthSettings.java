// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Access tokens by OAuth 2.0 client credentials (RFC 6749 §4.4). */
@Description("Access tokens by OAuth 2.0 client credentials. A token is kept, renewed before it expires, and once when"
        + " the service answers 401. Trust, certificate and proxy are those of the endpoint.")
public record OAuthSettings(
        @Description("Where tokens are asked for, such as `https://login.example/oauth2/token`.")
        String tokenUrl,

        @Description("Who the gateway is there.") String clientId,
        @Description("And how it proves that.") Secret clientSecret,

        @Description("What is asked for, as the token service names it; several with blanks between.") @Nullable String scope,

        @Description("Which service the token is for, where the token service wants to know.") @Nullable String audience,

        @Description(
                "How id and secret are sent: `basic`, as HTTP basic authentication, or `body`, as part of the form.")
        @DefaultValue("basic")
        ClientAuthentication clientAuthentication) {

    /** Where id and secret stand in the request for a token (RFC 6749 §2.3.1). */
    public enum ClientAuthentication {
        BASIC,
        BODY
    }

    public OAuthSettings {
        TargetUrl.parse("token-url", tokenUrl);
        if (clientId.isEmpty()) {
            throw new InvalidSettingException("client-id", "must not be empty");
        }
        if (clientSecret.reveal().isEmpty()) {
            throw new InvalidSettingException("client-secret", "must not be empty");
        }
    }

    URI url() {
        return URI.create(tokenUrl);
    }
}
