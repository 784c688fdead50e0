// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import com.nimbusds.jose.EncryptionMethod;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a payload is encrypted: `enc` of a JWE [RFC 7518 §5.1]. All of them notice a change. */
public enum JweEncryption {
    A256GCM(EncryptionMethod.A256GCM),
    A192GCM(EncryptionMethod.A192GCM),
    A128GCM(EncryptionMethod.A128GCM),
    A256CBC_HS512(EncryptionMethod.A256CBC_HS512),
    A128CBC_HS256(EncryptionMethod.A128CBC_HS256);

    private final EncryptionMethod name;

    JweEncryption(EncryptionMethod name) {
        this.name = name;
    }

    /**
     * Reads the registered name.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static JweEncryption fromText(String text) {
        return Arrays.stream(values())
                .filter(encryption -> encryption.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be "
                        + Arrays.stream(values()).map(JweEncryption::toString).collect(Collectors.joining(" or "))));
    }

    EncryptionMethod registered() {
        return name;
    }

    /** As it is written in the YAML and in the JWE. */
    @Override
    public String toString() {
        return name.getName();
    }
}
