// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;

/** AWS IoT Core: MQTT 5 with a certificate on both sides, on 8883, or on 443 with a protocol name of its own. */
final class AwsIotCore implements BrokerKind {
    private static final String ALPN = "x-amzn-mqtt-ca";
    private static final int HTTPS = 443;
    private static final int LONGEST_CLIENT_ID = 128;

    @Override
    public MqttVersion version() {
        return MqttVersion.V5;
    }

    @Override
    public TopicLimits limits() {
        return new TopicLimits(256, 7, 128 << 10, 8);
    }

    @Override
    public void check(MqttEndpointSettings settings) {
        BrokerKind.requireTls(settings, false);
        BrokerKind.require(
                settings.tls() != null && settings.tls().hasCertificate(),
                "tls",
                "must have cert and key, by which AWS knows the gateway,",
                settings);
        BrokerKind.require(settings.username() == null, "username", "must not be given", settings);
        BrokerKind.require(settings.password() == null, "password", "must not be given", settings);
        BrokerKind.require(
                settings.alpn().isEmpty() || settings.alpn().equals(List.of(ALPN)),
                "alpn",
                "must be " + ALPN,
                settings);
        String clientId = settings.clientId();
        BrokerKind.require(
                clientId == null || (clientId.getBytes(UTF_8).length <= LONGEST_CLIENT_ID && !clientId.startsWith("$")),
                "client-id",
                "must be at most " + LONGEST_CLIENT_ID + " bytes, the first of them not '$',",
                settings);
        BrokerKind.require(
                settings.keepAlive().compareTo(Duration.ofSeconds(30)) >= 0
                        && settings.keepAlive().compareTo(Duration.ofSeconds(1_200)) <= 0,
                "keep-alive",
                "must be 30s to 20m",
                settings);
        BrokerKind.require(
                settings.sessionExpiry().compareTo(Duration.ofDays(7)) <= 0,
                "session-expiry",
                "must be at most 7d",
                settings);
    }

    @Override
    public List<String> alpn(MqttEndpointSettings settings) {
        boolean onHttps =
                settings.url().stream().anyMatch(url -> BrokerUrl.parse(url).port() == HTTPS);
        return onHttps ? List.of(ALPN) : settings.alpn();
    }
}
