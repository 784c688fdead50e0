// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.jwk.KeyType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How the key that encrypts a payload is agreed on or wrapped: `alg` of a JWE [RFC 7518 §4.1]. */
public enum JweAlgorithm {
    RSA_OAEP_256(JWEAlgorithm.RSA_OAEP_256, KeyType.RSA),
    ECDH_ES(JWEAlgorithm.ECDH_ES, KeyType.EC),
    ECDH_ES_A256KW(JWEAlgorithm.ECDH_ES_A256KW, KeyType.EC),
    A256GCMKW(JWEAlgorithm.A256GCMKW, KeyType.OCT),
    DIR(JWEAlgorithm.DIR, KeyType.OCT);

    private final JWEAlgorithm name;
    private final KeyType keyType;

    JweAlgorithm(JWEAlgorithm name, KeyType keyType) {
        this.name = name;
        this.keyType = keyType;
    }

    /**
     * Reads the registered name.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static JweAlgorithm fromText(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be "
                        + Arrays.stream(values()).map(JweAlgorithm::toString).collect(Collectors.joining(" or "))));
    }

    JWEAlgorithm registered() {
        return name;
    }

    KeyType keyType() {
        return keyType;
    }

    /** As it is written in the YAML and in the JWE. */
    @Override
    public String toString() {
        return name.getName();
    }
}
