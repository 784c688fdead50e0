// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.util.List;
import java.util.Locale;

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
        int maxInFlight) {

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
