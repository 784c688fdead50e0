// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code sasl:} of a Kafka endpoint. */
@Description("How the gateway says to Kafka who it is. Without `tls:` beside it, it is said in the clear.")
public record SaslSettings(
        @Description(
                "`plain`, `scram-sha-256` or `scram-sha-512`, each with username and password, or `oauthbearer` with a"
                        + " token that is got with token-url, client-id and client-secret.")
        Mechanism mechanism,

        @Description("Whom Kafka knows the gateway as.") @Nullable String username,

        @Description("The user's password.") @Nullable Secret password,

        @Description(
                "Where tokens are got by OAuth 2.0 client credentials: `https://…`. A token is renewed in good time.")
        @Nullable String tokenUrl,

        @Description("Whom the token server knows the gateway as.") @Nullable String clientId,

        @Description("The client's secret there.") @Nullable Secret clientSecret,

        @Description("What the token is asked for.") @Nullable String scope,

        @Description("Certificates for the token server; without it the JVM's own authorities are trusted.") @Nullable TlsSettings tokenTls) {

    public SaslSettings {
        boolean byToken = mechanism == Mechanism.OAUTHBEARER;
        requireOrRefuse("username", username, !byToken, mechanism);
        requireOrRefuse("password", password, !byToken, mechanism);
        requireOrRefuse("token-url", tokenUrl, byToken, mechanism);
        requireOrRefuse("client-id", clientId, byToken, mechanism);
        requireOrRefuse("client-secret", clientSecret, byToken, mechanism);
        if (!byToken) {
            refuse("scope", scope, mechanism);
            refuse("token-tls", tokenTls, mechanism);
        }
        if (tokenUrl != null) {
            requireHttps(tokenUrl);
        }
    }

    /** How it is said. */
    public enum Mechanism {
        PLAIN("PLAIN"),
        SCRAM_SHA_256("SCRAM-SHA-256"),
        SCRAM_SHA_512("SCRAM-SHA-512"),
        OAUTHBEARER("OAUTHBEARER");

        private final String inKafka;

        Mechanism(String inKafka) {
            this.inKafka = inKafka;
        }

        /** Its registered name. */
        String inKafka() {
            return inKafka;
        }

        private String inYaml() {
            return inKafka.toLowerCase(Locale.ROOT);
        }
    }

    private static void requireOrRefuse(String key, @Nullable Object value, boolean isNeeded, Mechanism mechanism) {
        if (!isNeeded) {
            refuse(key, value, mechanism);
        } else if (value == null) {
            throw new InvalidSettingException(key, "must be given for mechanism " + mechanism.inYaml());
        }
    }

    private static void refuse(String key, @Nullable Object value, Mechanism mechanism) {
        if (value != null) {
            throw new InvalidSettingException(key, "must not be given for mechanism " + mechanism.inYaml());
        }
    }

    private static void requireHttps(String url) {
        try {
            URI uri = new URI(url);
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return;
            }
        } catch (URISyntaxException malformed) {
            // Told below.
        }
        throw new InvalidSettingException(
                "token-url", "must be an address such as https://login.example/token, was '" + url + "'");
    }
}
