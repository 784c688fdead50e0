// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings as the YAML reader would make them: all defaults, except what a test is about. */
final class Settings {
    List<String> url;
    MqttVersion version = MqttVersion.V5;

    @Nullable String clientId;

    @Nullable String username;

    @Nullable String password;

    @Nullable TlsSettings tls;

    List<String> alpn = List.of();
    Duration sessionExpiry = Duration.ofDays(7);
    Duration connectTimeout = Duration.ofSeconds(10);
    int receiveMaximum = 256;
    String maxPacketSize = "256KiB";

    @Nullable Qos maxQos;

    private Settings(List<String> url) {
        this.url = url;
    }

    static Settings at(String... urls) {
        return new Settings(List.of(urls));
    }

    Settings version(MqttVersion other) {
        version = other;
        return this;
    }

    Settings clientId(String id) {
        clientId = id;
        return this;
    }

    Settings login(String name, String secret) {
        username = name;
        password = secret;
        return this;
    }

    Settings tls(TlsSettings settings) {
        tls = settings;
        return this;
    }

    Settings alpn(String protocol) {
        alpn = List.of(protocol);
        return this;
    }

    Settings withoutSession() {
        sessionExpiry = Duration.ZERO;
        return this;
    }

    Settings maxQos(Qos qos) {
        maxQos = qos;
        return this;
    }

    Settings receiveMaximum(int most) {
        receiveMaximum = most;
        return this;
    }

    MqttEndpointSettings build() {
        return new MqttEndpointSettings(
                url,
                version,
                clientId,
                username,
                password == null ? null : new Secret(password),
                tls,
                alpn,
                Duration.ofSeconds(60),
                sessionExpiry,
                connectTimeout,
                receiveMaximum,
                ByteSize.fromText(maxPacketSize),
                maxQos,
                null,
                null);
    }

    static MqttTo to(String topic) {
        return new MqttTo(Template.fromText(topic), QosChoice.fromText("keep"), RetainChoice.KEEP);
    }

    static MqttFrom from(String filter) {
        return new MqttFrom(List.of(filter), Qos.AT_LEAST_ONCE, null, true, MqttFrom.Retained.NEW);
    }

    static MqttFrom shared(String filter, String group) {
        return new MqttFrom(List.of(filter), Qos.AT_LEAST_ONCE, group, true, MqttFrom.Retained.NEW);
    }
}
