// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.time.Duration;

/** The MQTT broker of Azure Event Grid: MQTT 5, a certificate, and the client's authentication name as user name. */
final class AzureEventGrid implements BrokerKind {
    private static final int LONGEST_CLIENT_ID = 128;

    @Override
    public MqttVersion version() {
        return MqttVersion.V5;
    }

    @Override
    public TopicLimits limits() {
        return new TopicLimits(256, 7, 512 << 10, 10);
    }

    @Override
    public void check(MqttEndpointSettings settings) {
        BrokerKind.requireTls(settings, true, 8883, 443);
        BrokerKind.require(
                settings.tls() != null && settings.tls().hasCertificate(),
                "tls",
                "must have cert and key, by which Azure knows the gateway,",
                settings);
        BrokerKind.require(
                settings.username() != null, "username", "must be the client's authentication name", settings);
        BrokerKind.require(settings.password() == null, "password", "must not be given", settings);
        String clientId = settings.clientId();
        BrokerKind.require(
                clientId == null || clientId.length() <= LONGEST_CLIENT_ID,
                "client-id",
                "must be at most " + LONGEST_CLIENT_ID + " characters",
                settings);
        BrokerKind.require(
                settings.keepAlive().compareTo(Duration.ofSeconds(1_160)) <= 0,
                "keep-alive",
                "must be at most 1160s",
                settings);
    }
}
