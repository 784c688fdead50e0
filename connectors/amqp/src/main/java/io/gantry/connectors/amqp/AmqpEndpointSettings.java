// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code amqp:} of an endpoint: where the broker is, who Gantry is there, and how long it waits. */
@Description("An AMQP 1.0 broker, such as ActiveMQ Artemis, RabbitMQ with its AMQP 1.0 plugin, or Azure Service Bus.")
public record AmqpEndpointSettings(
        @Description(
                "Where the broker is, as `amqp://host:port` or `amqps://host:port` (ports left out: 5672 and 5671)."
                        + " Of several, separated by commas or as a list, the first that can be reached is used, and the others"
                        + " when it is lost.")
        List<String> url,

        @Description("User name.") @Nullable String username,

        @Description("Password of that user.") @Nullable Secret password,

        @Description("How the gateway proves who it is (SASL): `plain` by username and password, `external` by the"
                + " certificate of `tls`, `anonymous` not at all. Left out, it is plain when there is a username and"
                + " anonymous otherwise.")
        @Nullable Sasl sasl,

        @Description("Certificates; for `amqps` only.") @DefaultValue("{}")
        TlsSettings tls,

        @Description(
                "Connections on which messages are sent; 1 to 64. One is enough but for high rates. Each route that"
                        + " reads, and each that asks for answers, has one more of its own.")
        @DefaultValue("4")
        int maxConnections,

        @Description("How long connecting and the TLS handshake may take for each url.") @DefaultValue("10s")
        Duration connectTimeout,

        @Description("How long the broker may take to open a connection, session or link.") @DefaultValue("30s")
        Duration requestTimeout,

        @Description("How long the broker may take to give credit for a message and to say what became of it; then the"
                + " message is tried again.")
        @DefaultValue("30s")
        Duration sendTimeout,

        @Description("How long a connection may be silent; within half of it the broker has to send something.")
        @DefaultValue("1m")
        Duration idleTimeout,

        @Description("Largest payload, both ways; a larger one is rejected. Must not be more than the broker takes.")
        @DefaultValue("1MiB")
        ByteSize maxMessageSize,

        @Description("Which cloud service it is: `azure-event-hubs`. It refuses what the service does not take; see"
                + " docs/clouds.md.")
        @Nullable AmqpPreset preset) {

    private static final int MOST_CONNECTIONS = 64;

    public AmqpEndpointSettings {
        url = urls(url);
        if ((username == null) != (password == null)) {
            throw new InvalidSettingException(
                    username == null ? "password" : "username",
                    "must be given together with " + (username == null ? "username" : "password"));
        }
        checkTls(url, tls);
        checkSasl(sasl, username, tls);
        if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
            throw new InvalidSettingException(
                    "max-connections", "must be 1 to " + MOST_CONNECTIONS + ", was " + maxConnections);
        }
        within("connect-timeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        within("request-timeout", requestTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        within("send-timeout", sendTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        within("idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        if (maxMessageSize.bytes() < 1 || maxMessageSize.bytes() > 1L << 28) {
            throw new InvalidSettingException(
                    "max-message-size", "must be 1 to " + new ByteSize(1L << 28) + ", was " + maxMessageSize);
        }
        if (preset != null) {
            preset.check(url, mechanism(sasl, username), maxMessageSize);
        }
    }

    /** How the gateway proves who it is. */
    public enum Sasl {
        PLAIN,
        EXTERNAL,
        ANONYMOUS
    }

    /** The mechanism in use. */
    Sasl mechanism() {
        return mechanism(sasl, username);
    }

    private static Sasl mechanism(@Nullable Sasl sasl, @Nullable String username) {
        if (sasl != null) {
            return sasl;
        }
        return username == null ? Sasl.ANONYMOUS : Sasl.PLAIN;
    }

    private static List<String> urls(List<String> url) {
        List<String> urls = new ArrayList<>();
        for (String several : url) {
            for (String one : several.split(",", -1)) {
                urls.add(BrokerUrl.parse(one.strip()).toString());
            }
        }
        if (urls.isEmpty()) {
            throw new InvalidSettingException("url", "must name at least one broker as amqp://host:port");
        }
        return List.copyOf(urls);
    }

    private static void checkTls(List<String> urls, TlsSettings tls) {
        boolean secure = urls.stream().allMatch(one -> BrokerUrl.parse(one).isSecure());
        if (!secure && urls.stream().anyMatch(one -> BrokerUrl.parse(one).isSecure())) {
            throw new InvalidSettingException("url", "must be amqp:// or amqps:// for all, not both");
        }
        if (!secure && !tls.equals(TlsSettings.PLAIN)) {
            throw new InvalidSettingException("tls", "must not be given without an amqps:// url");
        }
    }

    private static void checkSasl(@Nullable Sasl sasl, @Nullable String username, TlsSettings tls) {
        if (sasl == Sasl.PLAIN && username == null) {
            throw new InvalidSettingException("sasl", "must not be plain without username and password");
        }
        if (sasl == Sasl.EXTERNAL && !tls.hasCertificate()) {
            throw new InvalidSettingException("sasl", "must not be external without a certificate under tls");
        }
        if (sasl != null && sasl != Sasl.PLAIN && username != null) {
            throw new InvalidSettingException(
                    "username",
                    "must not be given when sasl is " + sasl.name().toLowerCase(Locale.ROOT) + ", which has none");
        }
    }

    /** Whether whoever listens on the way learns what the gateway logs in with. */
    boolean tellsSecretsInTheClear() {
        return username != null && !BrokerUrl.parse(url.get(0)).isSecure();
    }
}
