// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import io.gantry.connectors.spi.FollowedTls;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a connection to a broker needs: made of the settings of an endpoint, or of a preset that knows better.
 *
 * @param endpoint its name in the YAML
 * @param urls tried in turn
 * @param tls null when no url needs it
 * @param alpn offered in the TLS handshake
 * @param maxPacketSize bytes of a packet from the broker; with 3.1.1 also of one to it
 * @param maxQos what messages are lowered to; null when nothing is lowered
 */
record Broker(
        String endpoint,
        List<BrokerUrl> urls,
        MqttVersion version,
        String clientId,
        Login.Source logins,
        @Nullable FollowedTls tls,
        List<String> alpn,
        Duration keepAlive,
        Duration sessionExpiry,
        Duration connectTimeout,
        int receiveMaximum,
        long maxPacketSize,
        @Nullable Qos maxQos) {

    /** What the settings of an endpoint say. */
    static Broker of(String endpoint, String gateway, MqttEndpointSettings settings) {
        List<BrokerUrl> urls = settings.url().stream().map(BrokerUrl::parse).toList();
        String clientId = settings.clientId();
        return new Broker(
                endpoint,
                urls,
                settings.spoken(),
                clientId == null ? "gantry-" + gateway + "-" + endpoint : clientId,
                settings.kind().logins(settings),
                urls.stream().anyMatch(BrokerUrl::secure) ? tlsOf(endpoint, settings) : null,
                settings.kind().alpn(settings),
                settings.keepAlive(),
                settings.sessionExpiry(),
                settings.connectTimeout(),
                settings.receiveMaximum(),
                settings.maxPacketSize().bytes(),
                settings.loweredTo());
    }

    private static FollowedTls tlsOf(String endpoint, MqttEndpointSettings settings) {
        return (settings.tls() == null ? TlsSettings.PLAIN : settings.tls()).open(endpoint);
    }

    boolean keepsSession() {
        return !sessionExpiry.isZero();
    }

    /** The QoS at which something of the given QoS is sent or asked for. */
    Qos lowered(Qos qos) {
        return maxQos == null ? qos : qos.atMost(maxQos);
    }

    /** The same broker, where the gateway is somebody else besides. */
    Broker with(String otherClientId) {
        return new Broker(
                endpoint,
                urls,
                version,
                otherClientId,
                logins,
                tls,
                alpn,
                keepAlive,
                sessionExpiry,
                connectTimeout,
                receiveMaximum,
                maxPacketSize,
                maxQos);
    }
}
