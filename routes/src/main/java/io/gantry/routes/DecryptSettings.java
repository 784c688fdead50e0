// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.util.List;

/** The {@code decrypt} of a route. */
@Description(
        "The payload of each message is a JWE in compact serialization [RFC 7516]; what is in it goes on, with its `cty`"
                + " as Content Type. A message that is none, or that no key opens, is never delivered and becomes a dead letter as it"
                + " came.")
public record DecryptSettings(
        @Description(
                "File with private or secret keys, or a list of files: PEM (PKCS#8), JWK or JWK set, at most 16 keys"
                        + " each. Where a key has a `kid`, it opens only what names it, or names none. Read again when they change.")
        List<String> key,

        @Description("Key management that is accepted, as far as a key fits it.")
        @DefaultValue("[RSA-OAEP-256, ECDH-ES, ECDH-ES+A256KW, A256GCMKW, dir]")
        List<JweAlgorithm> algorithms,

        @Description("Content encryption that is accepted.") @DefaultValue("A256GCM")
        List<JweEncryption> encryptions) {

    public DecryptSettings {
        key = List.copyOf(key);
        algorithms = List.copyOf(algorithms);
        encryptions = List.copyOf(encryptions);
        requireSome("key", key);
        requireSome("algorithms", algorithms);
        requireSome("encryptions", encryptions);
        Decryption.keys(key, algorithms, key.stream().map(JweKeyFile::textOf).toList());
    }

    private static void requireSome(String name, List<?> values) {
        if (values.isEmpty()) {
            throw new InvalidSettingException(name, "must be at least one");
        }
    }
}
