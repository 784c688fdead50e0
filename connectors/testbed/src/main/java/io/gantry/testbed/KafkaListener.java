// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import io.gantry.testbed.TestCertificates.Identity;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * A further listener of a {@link KafkaServer}.
 *
 * @param name in capital letters
 * @param protocol as Kafka calls it, such as SASL_SSL
 * @param port where it listens on the loopback address
 * @param advertisedPort where clients are sent
 * @param properties of Kafka's server.properties that it needs
 */
public record KafkaListener(
        String name, String protocol, int port, int advertisedPort, Map<String, String> properties) {

    static KafkaListener proxied(KafkaServer.Proxied proxied) {
        return new KafkaListener("PROXIED", "PLAINTEXT", proxied.listenerPort(), proxied.proxyPort(), Map.of());
    }

    /** Asks its clients for nothing but TLS. */
    public static KafkaListener tls(String name, Identity shown) {
        return onFreePort(name, "SSL", certificate(name, shown));
    }

    /** Asks its clients for a certificate of the authority. */
    public static KafkaListener mutual(String name, Identity shown, TestCertificates trusted) {
        Map<String, String> properties = certificate(name, shown);
        properties.put(property(name, "ssl.client.auth"), "required");
        properties.put(
                property(name, "ssl.truststore.location"),
                trusted.authorityStore().toString());
        properties.put(property(name, "ssl.truststore.password"), TestCertificates.PASSWORD);
        return onFreePort(name, "SSL", properties);
    }

    /**
     * Asks its clients who they are, over TLS: PLAIN for the user given here, SCRAM for the users that the server is told of
     * later, and OAUTHBEARER, which believes every JWT without a signature.
     */
    public static KafkaListener sasl(String name, Identity shown, String user, String password) {
        Map<String, String> properties = certificate(name, shown);
        String quoted = password.replace("\\", "\\\\").replace("\"", "\\\"");
        properties.put(property(name, "sasl.enabled.mechanisms"), "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
        properties.put(
                property(name, "plain.sasl.jaas.config"),
                PlainLoginModule.class.getName() + " required user_" + user + "=\"" + quoted + "\";");
        for (String scram : new String[] {"scram-sha-256", "scram-sha-512"}) {
            properties.put(
                    property(name, scram + ".sasl.jaas.config"), ScramLoginModule.class.getName() + " required;");
        }
        properties.put(
                property(name, "oauthbearer.sasl.jaas.config"),
                OAuthBearerLoginModule.class.getName() + " required unsecuredLoginStringClaim_sub=\"kafka\";");
        return onFreePort(name, "SASL_SSL", properties);
    }

    private static KafkaListener onFreePort(String name, String protocol, Map<String, String> properties) {
        int port = LoopbackPorts.free();
        return new KafkaListener(name, protocol, port, port, properties);
    }

    private static Map<String, String> certificate(String name, Identity shown) {
        Map<String, String> properties = new HashMap<>();
        properties.put(property(name, "ssl.keystore.type"), "PKCS12");
        properties.put(property(name, "ssl.keystore.location"), shown.store().toString());
        properties.put(property(name, "ssl.keystore.password"), TestCertificates.PASSWORD);
        properties.put(property(name, "ssl.key.password"), TestCertificates.PASSWORD);
        return properties;
    }

    private static String property(String name, String property) {
        return "listener.name." + name.toLowerCase(Locale.ROOT) + "." + property;
    }

    /** For {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }
}
