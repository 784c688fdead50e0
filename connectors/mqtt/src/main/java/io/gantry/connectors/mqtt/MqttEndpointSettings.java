// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code mqtt:} of an endpoint: where the broker is, and who Gantry is there. */
@Description("Another MQTT broker. All routes that name it share one connection and one session.")
public record MqttEndpointSettings(
        @Description("Where the broker is: `mqtt://host:1883`, `mqtts://host:8883`, `ws://host/path` or"
                + " `wss://host/path`. Several are tried one after the other until one answers.")
        List<String> url,

        @Description(
                "Version of MQTT: `5`, or `3.1.1` for services that speak nothing else; properties then stay behind"
                        + " and refused messages are not told apart. Left out, it is what the preset speaks, without one 5.")
        @Nullable MqttVersion version,

        @Description("Client Identifier. Left out, it is `gantry-GATEWAY-ENDPOINT`, the same after each start. Two"
                + " gateways need different ones.")
        @Nullable String clientId,

        @Description("User name.") @Nullable String username,

        @Description("Password.") @Nullable Secret password,

        @Description("Certificates for `mqtts` and `wss`. Left out, the JVM's trust and no certificate.") @Nullable TlsSettings tls,

        @Description(
                "Protocols to offer in the TLS handshake (ALPN), such as `x-amzn-mqtt-ca` for AWS IoT on port 443.")
        @DefaultValue("[]")
        List<String> alpn,

        @Description("Keep Alive: how long a connection may be silent; 1s to 18h.") @DefaultValue("60s")
        Duration keepAlive,

        @Description("How long the broker keeps the session while the gateway is away, so that nothing is missed; `0s`"
                + " for no session. With 3.1.1 any time but `0s` means that it is kept.")
        @DefaultValue("7d")
        Duration sessionExpiry,

        @Description("How long each step of connecting may take: TCP, TLS, WebSocket, CONNACK.") @DefaultValue("10s")
        Duration connectTimeout,

        @Description(
                "Most messages of QoS 1 and 2 from the broker whose routes have not answered yet; 1 to 65535. The"
                        + " broker is told so (Receive Maximum); with 3.1.1 the connection is not read while there are as many.")
        @DefaultValue("256")
        int receiveMaximum,

        @Description(
                "Largest packet taken from the broker, 1KiB to 16MiB; one that announces more is disconnected. With"
                        + " 3.1.1 no larger one is sent either; with 5 the broker says what it takes.")
        @DefaultValue("256KiB")
        ByteSize maxPacketSize,

        @Description(
                "Highest QoS used with this broker, in both directions; messages above are lowered to it. Left out,"
                        + " nothing is ever lowered: a message whose QoS the broker does not take waits.")
        @Nullable Qos maxQos,

        @Description("Which cloud service the broker is: `aws-iot-core`, `azure-iot-hub`, `azure-event-grid` or"
                + " `hivemq-cloud`. It fills in what the service wants and refuses what it does not take; see"
                + " docs/clouds.md.")
        @Nullable MqttPreset preset,

        @Description(
                "azure-iot-hub: the device's key in Base64, of which a token is made for an hour, and a new one before"
                        + " it ends.")
        @Nullable Secret sharedAccessKey) {

    private static final int LONGEST_CLIENT_ID = 256;
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(3_650);
    private static final long SMALLEST_PACKET = 1L << 10;
    private static final long LARGEST_PACKET = 16L << 20;

    public MqttEndpointSettings {
        if (url.isEmpty()) {
            throw new InvalidSettingException("url", "must name at least one broker");
        }
        boolean secure = isSecure(url);
        if (!secure && (tls != null || !alpn.isEmpty())) {
            throw new InvalidSettingException(tls != null ? "tls" : "alpn", "needs a url with mqtts:// or wss://");
        }
        requireText("client-id", clientId, LONGEST_CLIENT_ID);
        requireText("username", username, Texts.LONGEST);
        if (version == MqttVersion.V311 && password != null && username == null) {
            throw new InvalidSettingException("username", "must be given together with password in MQTT 3.1.1");
        }
        for (String protocol : alpn) {
            if (protocol.isEmpty() || protocol.length() > 255) {
                throw new InvalidSettingException("alpn", "must be names of 1 to 255 characters");
            }
        }
        within("keep-alive", keepAlive, Duration.ofSeconds(1), Duration.ofHours(18));
        within("session-expiry", sessionExpiry, Duration.ZERO, LONGEST_EXPIRY);
        within("connect-timeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(2));
        if (receiveMaximum < 1 || receiveMaximum > 65_535) {
            throw new InvalidSettingException("receive-maximum", "must be 1 to 65535, was " + receiveMaximum);
        }
        if (maxPacketSize.bytes() < SMALLEST_PACKET || maxPacketSize.bytes() > LARGEST_PACKET) {
            throw new InvalidSettingException("max-packet-size", "must be 1KiB to 16MiB, was " + maxPacketSize);
        }
        url = List.copyOf(url);
        alpn = List.copyOf(alpn);
        if (sharedAccessKey != null && preset != MqttPreset.AZURE_IOT_HUB) {
            throw new InvalidSettingException("shared-access-key", "needs preset azure-iot-hub");
        }
    }

    /** What is known of the broker before it is asked. */
    BrokerKind kind() {
        return preset == null ? AnyBroker.INSTANCE : preset.service();
    }

    /** The version that is spoken. */
    MqttVersion spoken() {
        return version == null ? kind().version() : version;
    }

    /** What messages are lowered to; null when none is. */
    @Nullable Qos loweredTo() {
        return maxQos == null && kind().highestQos() != Qos.EXACTLY_ONCE ? kind().highestQos() : maxQos;
    }

    /**
     * Holds the settings against what is known of the broker.
     *
     * @throws InvalidSettingException when they contradict the preset
     */
    void checkPreset() {
        if (preset == null) {
            return;
        }
        BrokerKind kind = kind();
        BrokerKind.require(
                spoken() == kind.version(), "version", "must be " + kind.version() + ", was " + spoken() + ",", this);
        BrokerKind.require(
                maxQos == null || maxQos.level() <= kind.highestQos().level(),
                "max-qos",
                "must be at most " + kind.highestQos() + ", was " + maxQos + ",",
                this);
        kind.check(this);
    }

    /** Whether whoever listens on the way learns what the gateway logs in with. */
    boolean tellsSecretsInTheClear() {
        return password != null && !BrokerUrl.parse(url.get(0)).secure();
    }

    /** The same for all: one without TLS would be taken when whoever is on the way lets nobody through to the others. */
    private static boolean isSecure(List<String> urls) {
        try {
            List<Boolean> secure = urls.stream()
                    .map(url -> BrokerUrl.parse(url).secure())
                    .distinct()
                    .toList();
            if (secure.size() > 1) {
                throw new InvalidSettingException("url", "must be with TLS (mqtts://, wss://) for all, or for none");
            }
            return secure.get(0);
        } catch (IllegalArgumentException wrong) {
            throw wrong instanceof InvalidSettingException told
                    ? told
                    : new InvalidSettingException("url", String.valueOf(wrong.getMessage()));
        }
    }

    private static void requireText(String key, @Nullable String text, int longest) {
        if (text != null && (text.isEmpty() || text.length() > longest || !Texts.isPlain(text))) {
            throw new InvalidSettingException(
                    key, "must be 1 to " + longest + " characters without control characters");
        }
    }
}
