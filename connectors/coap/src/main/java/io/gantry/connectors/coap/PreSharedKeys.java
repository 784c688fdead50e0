// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/** Keys that both sides of a DTLS connection know, as the YAML writes them. */
final class PreSharedKeys {
    private static final String HEX = "hex:";
    private static final int LONGEST = 64;
    private static final int LONGEST_NAME = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private PreSharedKeys() {}

    /** Refuses a key that is none; says nothing of what it is. */
    static void check(String setting, @Nullable Secret key) {
        if (key == null) {
            return;
        }
        int length;
        try {
            length = bytes(key).length;
        } catch (IllegalArgumentException notHexadecimal) {
            throw new InvalidSettingException(setting, "must have pairs of hexadecimal digits behind hex:");
        }
        if (length < 1 || length > LONGEST) {
            throw new InvalidSettingException(setting, "must be a key of 1 to " + LONGEST + " bytes, has " + length);
        }
    }

    /** Refuses a name that no client can have, or that could not stand in a Client Identifier. */
    static void check(String setting, @Nullable String name) {
        if (name != null
                && (name.isEmpty()
                        || name.length() > LONGEST_NAME
                        || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '/' && c != '+' && c != '#'))) {
            throw new InvalidSettingException(
                    setting,
                    "must have names of 1 to " + LONGEST_NAME + " visible ASCII characters other than '/', '+' and '#',"
                            + " was '" + name + "'");
        }
    }

    static AdvancedPskStore ofGateway(String identity, Secret key) {
        return new AdvancedSinglePskStore(identity, bytes(key));
    }

    /**
     * The same keys under every name that a client asks for the gateway by (SNI). Who has none is answered as who has a wrong
     * one, so that nobody learns who has.
     */
    static AdvancedPskStore ofClients(Map<String, Secret> clients) {
        AdvancedMultiPskStore store = new AdvancedMultiPskStore() {
            @Override
            public PskSecretResult requestPskSecretResult(
                    ConnectionId connection,
                    @Nullable ServerNames serverNames,
                    PskPublicInformation identity,
                    String algorithm,
                    SecretKey otherSecret,
                    byte[] seed,
                    boolean extended) {
                PskSecretResult found = super.requestPskSecretResult(
                        connection, null, identity, algorithm, otherSecret, seed, extended);
                return found.getSecret() == null ? new PskSecretResult(connection, identity, noOnes()) : found;
            }
        };
        clients.forEach((name, key) -> store.setKey(name, bytes(key)));
        return store;
    }

    private static SecretKey noOnes() {
        byte[] key = new byte[LONGEST];
        RANDOM.nextBytes(key);
        return SecretUtil.create(key, PskSecretResult.ALGORITHM_PSK);
    }

    private static byte[] bytes(Secret key) {
        String text = key.reveal();
        return text.startsWith(HEX)
                ? HexFormat.of().parseHex(text, HEX.length(), text.length())
                : text.getBytes(StandardCharsets.UTF_8);
    }
}
