// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code encrypt} of a route. */
@Description("The payload of each message becomes a JWE in compact serialization [RFC 7516] with the Content Type"
        + " `application/jose`; the message's own is its `cty`. Copies of dead letters too are sent in this way only.")
public record EncryptSettings(
        @Description("File with the recipient's public key, or the secret key that both have: PEM (a certificate is one"
                + " too), JWK or JWK set. Read again when it changes.")
        String key,

        @Description("Key management: `RSA-OAEP-256` with an RSA key of at least 2048 bits, `ECDH-ES` or"
                + " `ECDH-ES+A256KW` with a key on P-256, P-384 or P-521, `A256GCMKW` or `dir` with a secret key.")
        JweAlgorithm algorithm,

        @Description("Content encryption.") @DefaultValue("A256GCM")
        JweEncryption encryption,

        @Description("Which key of a JWK set; what the JWE says of a key out of a PEM file. By default the key's own.")
        @Nullable String kid) {

    public EncryptSettings {
        Encryption.recipient(key, algorithm, encryption, kid, List.of(JweKeyFile.textOf(key)));
    }
}
