// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Map;
import javax.net.ssl.X509ExtendedKeyManager;

/** Finds out at start that a key is another certificate's; in a handshake nobody could tell why it fails. */
final class KeyOfCertificate {
    private static final Map<String, String> SIGNATURES =
            Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

    /** Its signatures need parameters that only the certificate knows. */
    private static final String NOT_TRIED = "RSASSA-PSS";

    private static final byte[] ANYTHING = {1, 2, 3};

    private KeyOfCertificate() {}

    /**
     * Tries the keys.
     *
     * @throws IllegalArgumentException when there is none, or one does not fit its certificate
     */
    static void check(X509ExtendedKeyManager keys) {
        int found = aliases(keys, NOT_TRIED).length;
        for (Map.Entry<String, String> type : SIGNATURES.entrySet()) {
            for (String alias : aliases(keys, type.getKey())) {
                found++;
                if (!fits(keys, alias, type.getValue())) {
                    throw new IllegalArgumentException("the key is another certificate's");
                }
            }
        }
        if (found == 0) {
            throw new IllegalArgumentException("there is no key");
        }
    }

    private static String[] aliases(X509ExtendedKeyManager keys, String type) {
        String[] aliases = keys.getClientAliases(type, null);
        return aliases == null ? new String[0] : aliases;
    }

    private static boolean fits(X509ExtendedKeyManager keys, String alias, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(keys.getPrivateKey(alias));
            signature.update(ANYTHING);
            byte[] signed = signature.sign();
            signature.initVerify(keys.getCertificateChain(alias)[0].getPublicKey());
            signature.update(ANYTHING);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }
}
