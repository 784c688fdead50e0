// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.api.settings.Bounds.shown;
import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code kafka:} of an endpoint: where Kafka is, and how records are gathered into batches. */
@Description("A Kafka cluster. Records are always written with acks=all by an idempotent producer.")
public record KafkaEndpointSettings(
        @Description("Kafka brokers to start from, as `host:port`, several separated by commas or as a list.")
        List<String> brokers,

        @Description("How the names begin under which this gateway is known to Kafka, in its logs and quotas.")
        @DefaultValue("gantry")
        String clientId,

        @Description("How batches are compressed: `none`, `gzip`, `snappy`, `lz4` or `zstd`.") @DefaultValue("none")
        Compression compression,

        @Description("How long a batch may wait for more records before it is sent.") @DefaultValue("5ms")
        Duration linger,

        @Description("Largest batch of one partition.") @DefaultValue("64KiB")
        ByteSize batchSize,

        @Description("Records that may wait to be sent; a send waits for room when it is full, and then fails as"
                + " unavailable. At least 1MiB.")
        @DefaultValue("32MiB")
        ByteSize buffer,

        @Description("Longest time from handing a record on until Kafka has confirmed it; retries included. At least"
                + " linger and request-timeout together.")
        @DefaultValue("2m")
        Duration deliveryTimeout,

        @Description("How long a Kafka broker may take to answer one request.") @DefaultValue("30s")
        Duration requestTimeout,

        @Description(
                "Largest record, with its key and headers; a larger one is rejected. Kafka has a limit of its own.")
        @DefaultValue("1MiB")
        ByteSize maxRequestSize,

        @Description(
                "Kafka topic in which the targets with `exactly-once` keep how far they have come. Made when it does"
                        + " not exist; otherwise it must be compacted.")
        @DefaultValue("gantry-cursors")
        String cursorTopic,

        @Description(
                "Talk TLS, and with which certificates; `{}` trusts the JVM's authorities. Left out, nothing is encrypted.")
        @Nullable TlsSettings tls,

        @Description("Who the gateway is to Kafka. Left out, nobody.") @Nullable SaslSettings sasl,

        @Description("Further properties of Kafka's own clients, under Kafka's own names, as far as nothing depends on"
                + " them: see the connector's README for which.")
        @DefaultValue("{}")
        Map<String, String> clientProperties,

        @Description(
                "Which cloud service it is: `azure-event-hubs` or `confluent-cloud`. It fills in what the service wants"
                        + " and refuses what it does not take; see docs/clouds.md.")
        @Nullable KafkaPreset preset) {

    public KafkaEndpointSettings {
        if (preset != null) {
            preset.check(sasl);
            preset.check(compression, maxRequestSize);
            brokers = brokers.stream().map(preset::address).toList();
            tls = preset.tls(tls);
            clientProperties = preset.properties(clientProperties);
        }
        brokers = addresses(brokers);
        if (clientId.isBlank()) {
            throw new InvalidSettingException("client-id", "must not be empty");
        }
        within("linger", linger, Duration.ZERO, Duration.ofMinutes(1));
        within("request-timeout", requestTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        within("delivery-timeout", deliveryTimeout, Duration.ofMillis(100), Duration.ofDays(1));
        if (deliveryTimeout.compareTo(linger.plus(requestTimeout)) < 0) {
            throw new InvalidSettingException(
                    "delivery-timeout",
                    "must be at least linger and request-timeout together, " + shown(linger.plus(requestTimeout))
                            + ", was " + shown(deliveryTimeout));
        }
        within("batch-size", batchSize, 1, Integer.MAX_VALUE);
        within("buffer", buffer, 1L << 20, 1L << 36);
        within("max-request-size", maxRequestSize, 1L << 10, 1L << 30);
        if (!KafkaTopicName.isLegal(cursorTopic) || !KafkaTopicName.fits(cursorTopic)) {
            throw new InvalidSettingException(
                    "cursor-topic",
                    "must be 1 to " + KafkaTopicName.LONGEST + " of a-z, A-Z, 0-9, '.', '_' and '-', was '"
                            + cursorTopic + "'");
        }
        clientProperties = ClientProperties.checked(clientProperties);
    }

    /** How a batch is compressed. */
    public enum Compression {
        NONE,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD;

        /**
         * Reads the key's value.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Compression fromText(String text) {
            for (Compression compression : values()) {
                if (compression.toString().equals(text)) {
                    return compression;
                }
            }
            throw new IllegalArgumentException("must be 'none', 'gzip', 'snappy', 'lz4' or 'zstd', was '" + text + "'");
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static List<String> addresses(List<String> brokers) {
        List<String> addresses = new ArrayList<>();
        for (String several : brokers) {
            for (String one : several.split(",", -1)) {
                addresses.add(address(one.strip()));
            }
        }
        if (addresses.isEmpty()) {
            throw new InvalidSettingException("brokers", "must name at least one Kafka broker as host:port");
        }
        return List.copyOf(addresses);
    }

    private static String address(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean literalV6 = host.startsWith("[") && host.endsWith("]");
        boolean legal = !host.isEmpty()
                && host.chars().noneMatch(c -> c <= ' ' || c == '/' || c == '@' || c == '{' || c == '}')
                && (literalV6 || host.indexOf(':') < 0)
                && isPort(text.substring(colon + 1));
        if (!legal) {
            throw new InvalidSettingException("brokers", "must be host:port, was '" + text + "'");
        }
        return text;
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65_535;
    }
}
