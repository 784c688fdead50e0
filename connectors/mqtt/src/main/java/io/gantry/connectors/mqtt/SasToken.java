// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.settings.Secret;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Azure's shared access signature: says until when whoever has the key lets its bearer use a resource. */
final class SasToken {
    private static final String ALGORITHM = "HmacSHA256";

    private SasToken() {}

    /**
     * Makes a token.
     *
     * @param resource such as {@code hub.azure-devices.net/devices/device-1}
     * @param key as {@link #decoded} gives it
     * @param expiresSeconds since 1970
     */
    static Secret of(String resource, byte[] key, long expiresSeconds) {
        String encoded = URLEncoder.encode(resource, UTF_8);
        String signature = signature(key, encoded + "\n" + expiresSeconds);
        return new Secret("SharedAccessSignature sr=" + encoded + "&sig=" + URLEncoder.encode(signature, UTF_8) + "&se="
                + expiresSeconds);
    }

    static String signature(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
        }
    }

    /**
     * Reads a key as Azure shows it.
     *
     * @throws IllegalArgumentException when it is not Base64, or empty
     */
    static byte[] decoded(Secret key) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(key.reveal());
        } catch (IllegalArgumentException notBase64) {
            // The cause quotes what it could not read.
            throw new IllegalArgumentException("must be a key in Base64");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException("must be a key in Base64, was empty");
        }
        return bytes;
    }
}
