// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.jspecify.annotations.Nullable;

/** The settings of Kafka's clients that say whom they trust and who they are, the same for all clients of an endpoint. */
final class Security {

    private Security() {}

    /**
     * Reads the certificates.
     *
     * @throws io.gantry.api.settings.InvalidSettingException when a file does not hold what it should
     */
    static Map<String, Object> of(String endpoint, KafkaEndpointSettings settings) {
        TlsSettings tls = settings.tls();
        SaslSettings sasl = settings.sasl();
        Map<String, Object> security = new HashMap<>();
        security.put(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                sasl == null ? (tls == null ? "PLAINTEXT" : "SSL") : (tls == null ? "SASL_PLAINTEXT" : "SASL_SSL"));
        if (tls != null) {
            security.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, TlsEngines.class);
            security.put(TlsEngines.CONTEXT, tls.open(endpoint));
        }
        if (sasl != null) {
            security.put(SaslConfigs.SASL_MECHANISM, sasl.mechanism().inKafka());
            security.put(SaslConfigs.SASL_JAAS_CONFIG, new Password(login(endpoint, sasl)));
            if (sasl.mechanism() == SaslSettings.Mechanism.OAUTHBEARER) {
                TlsSettings ofTokens = sasl.tokenTls() == null ? TlsSettings.PLAIN : sasl.tokenTls();
                security.put(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, TokenLogin.class);
                security.put(TokenLogin.CONTEXT, ofTokens.open(endpoint));
            }
        }
        return security;
    }

    /** In the syntax of JAAS. Kafka takes two of the same text for one, so that the endpoint is a part of it. */
    private static String login(String endpoint, SaslSettings sasl) {
        return switch (sasl.mechanism()) {
            case PLAIN -> byPassword(PlainLoginModule.class, sasl);
            case SCRAM_SHA_256, SCRAM_SHA_512 -> byPassword(ScramLoginModule.class, sasl);
            case OAUTHBEARER ->
                OAuthBearerLoginModule.class.getName() + " required"
                        + option(TokenLogin.ENDPOINT, endpoint)
                        + option(TokenLogin.URL, sasl.tokenUrl())
                        + option(TokenLogin.CLIENT_ID, sasl.clientId())
                        + option(TokenLogin.CLIENT_SECRET, revealed(sasl.clientSecret()))
                        + option(TokenLogin.SCOPE, sasl.scope())
                        + ";";
        };
    }

    private static String byPassword(Class<?> module, SaslSettings sasl) {
        return module.getName() + " required" + option("username", sasl.username())
                + option("password", revealed(sasl.password())) + ";";
    }

    private static @Nullable String revealed(@Nullable Secret secret) {
        return secret == null ? null : secret.reveal();
    }

    private static String option(String name, @Nullable String value) {
        return value == null ? "" : " " + name + "=\"" + quoted(value) + "\"";
    }

    /** The parser ends a text at a quote or at the end of a line. */
    private static String quoted(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
