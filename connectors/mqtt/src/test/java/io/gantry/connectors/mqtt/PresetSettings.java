// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings as the YAML reader would make them: all defaults, except what a test says. */
final class PresetSettings {
    private final MqttPreset preset;
    private final Path directory;
    private String url = "";
    private @Nullable MqttVersion version;
    private @Nullable String clientId;
    private @Nullable String username;
    private @Nullable Secret password;
    private @Nullable TlsSettings tls;
    private List<String> alpn = List.of();
    private Duration keepAlive = Duration.ofSeconds(60);
    private Duration sessionExpiry = Duration.ofDays(7);
    private @Nullable Qos maxQos;
    private @Nullable Secret sharedAccessKey;

    PresetSettings(MqttPreset preset, Path directory) {
        this.preset = preset;
        this.directory = directory;
    }

    PresetSettings url(String given) {
        url = given;
        return this;
    }

    PresetSettings version(MqttVersion given) {
        version = given;
        return this;
    }

    PresetSettings clientId(@Nullable String given) {
        clientId = given;
        return this;
    }

    PresetSettings username(String given) {
        username = given;
        return this;
    }

    PresetSettings password(String given) {
        password = new Secret(given);
        return this;
    }

    /** Files that are there, whatever is in them. */
    PresetSettings certificate() {
        try {
            Path file = Files.writeString(directory.resolve("any.pem"), "");
            tls = new TlsSettings(null, file.toString(), file.toString(), null);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    PresetSettings certificate(Path authority, TestCertificates.Identity identity) {
        tls = new TlsSettings(
                authority.toString(), identity.cert().toString(), identity.key().toString(), null);
        return this;
    }

    PresetSettings alpn(String given) {
        alpn = List.of(given);
        return this;
    }

    PresetSettings keepAlive(Duration given) {
        keepAlive = given;
        return this;
    }

    PresetSettings sessionExpiry(Duration given) {
        sessionExpiry = given;
        return this;
    }

    PresetSettings maxQos(Qos given) {
        maxQos = given;
        return this;
    }

    PresetSettings sharedAccessKey(@Nullable String given) {
        sharedAccessKey = given == null ? null : new Secret(given);
        return this;
    }

    MqttEndpointSettings settings() {
        return new MqttEndpointSettings(
                List.of(url),
                version,
                clientId,
                username,
                password,
                tls,
                alpn,
                keepAlive,
                sessionExpiry,
                Duration.ofSeconds(10),
                256,
                ByteSize.fromText("256KiB"),
                maxQos,
                preset,
                sharedAccessKey);
    }
}
