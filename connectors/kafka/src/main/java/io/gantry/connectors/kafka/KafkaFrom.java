// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a route's {@code from} wants of Kafka: which Kafka topics, and as which consumer group. */
@Description("Reads records of a consumer group. An offset is committed only once the device side has the message.")
public record KafkaFrom(
        @Description("Kafka topics to read, one or a list.") List<String> topic,

        @Description("Consumer group. Routes that read the same Kafka topic need groups of their own.")
        @DefaultValue("gantry")
        String group,

        @Description("Where a new group starts: `latest` with records written from now on, so that old commands are not"
                + " replayed to devices, or `earliest` with all that are kept. A group that has committed goes on from"
                + " there.")
        @DefaultValue("latest")
        Start start,

        @Description(
                "Messages handed on but not yet acknowledged by the device side; reading waits while there are as many.")
        @DefaultValue("10000")
        int maxInFlight,

        @Description(
                "Whether records of a transaction are read when it has been committed (`read-committed`), or all at"
                        + " once, also those of transactions that are aborted later (`read-uncommitted`).")
        @DefaultValue("read-committed")
        Isolation isolation,

        @Description(
                "Whether the headers that begin with `mqtt-` are believed: Topic Name, QoS, retain and properties of"
                        + " the message are what they say. A record whose headers do not hold what their names promise is"
                        + " rejected.")
        @DefaultValue("false")
        boolean properties,

        @Description("User Properties to make of headers, as `NAME: HEADER`.") @DefaultValue("{}")
        Map<String, String> userProperties) {

    public KafkaFrom {
        if (topic.isEmpty()) {
            throw new InvalidSettingException("topic", "must name at least one Kafka topic");
        }
        for (String name : topic) {
            if (!KafkaTopicName.isLegal(name) || !KafkaTopicName.fits(name)) {
                throw new InvalidSettingException(
                        "topic",
                        "must be 1 to " + KafkaTopicName.LONGEST + " characters a-z, A-Z, 0-9, '.', '_' and '-', was '"
                                + name + "'");
            }
        }
        topic = List.copyOf(topic);
        if (group.isBlank()) {
            throw new InvalidSettingException("group", "must not be empty");
        }
        if (maxInFlight < 1) {
            throw new InvalidSettingException("max-in-flight", "must be at least 1, was " + maxInFlight);
        }
        userProperties = Collections.unmodifiableMap(new LinkedHashMap<>(userProperties));
    }

    /** Which records are read of a transaction. */
    public enum Isolation {
        READ_COMMITTED,
        READ_UNCOMMITTED;

        /** As Kafka calls it. */
        String inKafka() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where a new consumer group starts. */
    public enum Start {
        LATEST,
        EARLIEST;

        /**
         * Reads the key's value.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Start fromText(String text) {
            return switch (text) {
                case "latest" -> LATEST;
                case "earliest" -> EARLIEST;
                default -> throw new IllegalArgumentException("must be 'latest' or 'earliest', was '" + text + "'");
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
