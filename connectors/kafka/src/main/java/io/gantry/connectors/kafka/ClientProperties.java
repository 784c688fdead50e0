// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.InvalidSettingException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Which of Kafka's own properties the YAML may set. Not those that a key of Gantry sets, that its promises rest on, or
 * that name a class, a file or an address.
 */
final class ClientProperties {
    private static final String KEY = "client-properties";

    private static final Set<String> OF_ALL = Set.of(
            "client.dns.lookup",
            "connections.max.idle.ms",
            "metadata.max.age.ms",
            "receive.buffer.bytes",
            "reconnect.backoff.max.ms",
            "reconnect.backoff.ms",
            "retry.backoff.max.ms",
            "retry.backoff.ms",
            "send.buffer.bytes",
            "socket.connection.setup.timeout.max.ms",
            "socket.connection.setup.timeout.ms");

    private static final Set<String> OF_PRODUCER = Set.of(
            "compression.gzip.level",
            "compression.lz4.level",
            "compression.zstd.level",
            "metadata.max.idle.ms",
            "partitioner.adaptive.partitioning.enable",
            "partitioner.availability.timeout.ms");

    private static final Set<String> OF_CONSUMER = Set.of(
            "check.crcs",
            "client.rack",
            "fetch.max.bytes",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "heartbeat.interval.ms",
            "max.partition.fetch.bytes",
            "max.poll.interval.ms",
            "session.timeout.ms");

    private ClientProperties() {}

    /**
     * The properties, when they may be set and Kafka's clients understand them.
     *
     * @throws InvalidSettingException otherwise
     */
    static Map<String, String> checked(Map<String, String> properties) {
        properties.forEach(ClientProperties::check);
        return Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    private static void check(String name, String value) {
        ConfigDef clients;
        if (OF_ALL.contains(name)) {
            clients = AdminClientConfig.configDef();
        } else if (OF_PRODUCER.contains(name)) {
            clients = ProducerConfig.configDef();
        } else if (OF_CONSUMER.contains(name)) {
            clients = ConsumerConfig.configDef();
        } else {
            throw new InvalidSettingException(KEY, "must be of " + String.join(", ", names()) + "; was '" + name + "'");
        }
        try {
            ConfigDef.ConfigKey key =
                    Objects.requireNonNull(clients.configKeys().get(name));
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
        } catch (ConfigException refused) {
            throw new InvalidSettingException(KEY, String.valueOf(refused.getMessage()));
        }
    }

    /** All that may be set, in alphabetical order. */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(OF_ALL);
        names.addAll(OF_PRODUCER);
        names.addAll(OF_CONSUMER);
        return names;
    }

    static Map<String, String> ofAll(Map<String, String> properties) {
        return only(OF_ALL, properties);
    }

    static Map<String, String> ofProducer(Map<String, String> properties) {
        return only(OF_PRODUCER, properties);
    }

    static Map<String, String> ofConsumer(Map<String, String> properties) {
        return only(OF_CONSUMER, properties);
    }

    private static Map<String, String> only(Set<String> names, Map<String, String> properties) {
        Map<String, String> some = new HashMap<>(properties);
        some.keySet().retainAll(names);
        return some;
    }
}
