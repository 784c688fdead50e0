// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The {@code jwt:} of an authenticator. */
@Description(
        "A signed JSON Web Token as the password, or as the Authentication Data of MQTT 5 under the method `JWT`. One of"
                + " `secret`, `key` and `jwks` says who may sign. A token must say when it ends; then the device is disconnected,"
                + " unless it has authenticated again. A token of another issuer is left to the next authenticator.")
public record JwtSettings(
        @Description("The secret of HS256, HS384 and HS512: at least 32 bytes.") @Nullable Secret secret,

        @Description("File of the public key, or of a certificate with it, in PEM: RSA for RS256 to RS512 and PS256 to"
                + " PS512, P-256, P-384 or P-521 for ES256 to ES512, Ed25519 for EdDSA. Read again when it changes.")
        @Nullable String key,

        @Description(
                "File, or `https` URL, of a JSON Web Key Set of such public keys. Read again when the file changes; from"
                        + " a URL every `jwks-refresh`, and, at most every 30 seconds, when a token names a key that is not in it.")
        @Nullable String jwks,

        @Description("File of the authorities trusted for the URL in `jwks`, in PEM. Left out, the JVM's own.")
        @Nullable String ca,

        @Description("How often the URL in `jwks` is asked. 30s to 1d.") @DefaultValue("10m")
        Duration jwksRefresh,

        @Description(
                "For how long keys from the URL in `jwks` are used when it no longer answers; after that all tokens are"
                        + " refused. jwks-refresh to 7d.")
        @DefaultValue("6h")
        Duration jwksStale,

        @Description("The `iss` that tokens must have.") String issuer,

        @Description("The `aud` that tokens must have; of several, one.")
        List<String> audience,

        @Description("The claim that says what the device is called.") @DefaultValue("sub")
        String username,

        @Description(
                "The claim with the names of the device's roles: a list, or a text with blanks or commas between them."
                        + " `a.b` is the member b of the object a.")
        @Nullable String roles,

        @Description("Roles of everybody with a token, beside those of the claim.") @DefaultValue("[]")
        List<String> role) {

    private static final int SECRET_BYTES = 32;

    public JwtSettings {
        audience = List.copyOf(audience);
        role = List.copyOf(role);
        if (Stream.of(secret == null, key == null, jwks == null)
                        .filter(isMissing -> !isMissing)
                        .count()
                != 1) {
            throw new InvalidSettingException("must have one of secret, key and jwks");
        }
        if (secret != null && secret.reveal().getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES) {
            throw new InvalidSettingException("secret", "must have at least 32 bytes");
        }
        if (issuer.isBlank()) {
            throw new InvalidSettingException("issuer", "must not be empty");
        }
        if (audience.isEmpty() || audience.stream().anyMatch(String::isBlank)) {
            throw new InvalidSettingException("audience", "must be at least one, and not be empty");
        }
        checkUrl(jwks, ca);
        if (jwksRefresh.toSeconds() < 30 || jwksRefresh.toDays() > 1) {
            throw new InvalidSettingException("jwks-refresh", "must be 30s to 1d");
        }
        if (jwksStale.compareTo(jwksRefresh) < 0 || jwksStale.toDays() > 7) {
            throw new InvalidSettingException("jwks-stale", "must be jwks-refresh to 7d");
        }
    }

    private static void checkUrl(@Nullable String jwks, @Nullable String ca) {
        if (jwks != null && jwks.contains("://")) {
            Urls.check("jwks", jwks);
        } else if (ca != null) {
            throw new InvalidSettingException("ca", "must not be given when jwks is not a URL");
        }
    }

    /** The keys' URL; null when they are in a file. */
    public @Nullable String jwksUrl() {
        return jwks != null && jwks.contains("://") ? jwks : null;
    }
}
