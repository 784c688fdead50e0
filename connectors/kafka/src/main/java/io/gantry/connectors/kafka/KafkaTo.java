// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.ExactlyOnceSettings;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.ReplySettings;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a route's {@code to} wants of Kafka: which Kafka topic, and what the record carries besides the payload. */
@Description("Writes each message as a Kafka record; its value is the payload.")
public record KafkaTo(
        @Description("Kafka topic. In a filled-in value each byte other than a-z, A-Z, 0-9, dot and minus becomes _"
                + " and two hexadecimal digits; at most 1000 different names are made.")
        Template topic,

        @Description("Key of the record; records of one key keep their order. Left out, it is the Client Identifier, so"
                + " that each device's messages keep their order, or the key of the record that came from another"
                + " Kafka; `\"\"` gives records without a key, which Kafka spreads over the partitions.")
        @Nullable Template key,

        @Description(
                "Number of the partition, in place of Kafka's choice by the key. A message for a partition that the"
                        + " Kafka topic does not have is rejected.")
        @Nullable Template partition,

        @Description(
                "Whether a message without payload becomes a tombstone, a record without value, which deletes its key"
                        + " from a compacted Kafka topic.")
        @DefaultValue("false")
        boolean tombstone,

        @Description("Headers of the record. Their names are fixed here; a header whose value the message does not have"
                + " is left out.")
        @DefaultValue("{}")
        Map<String, Template> headers,

        @Description(
                "Whether everything that MQTT says about the message goes along, as headers that begin with `mqtt-`.")
        @DefaultValue("false")
        boolean properties,

        @Description("Whether each message of the route is in Kafka exactly once for those who read with"
                + " isolation.level=read_committed. Records are then written in transactions; needs Kafka brokers with"
                + " transaction.version 2 (Kafka 4.0 or later).")
        @DefaultValue("false")
        boolean exactlyOnce,

        @Description(
                "Whether each message is a request whose answer goes back to the device. The record gets the headers"
                        + " `kafka_correlationId` and `kafka_replyTopic`; who answers writes to that Kafka topic and repeats the"
                        + " former.")
        @DefaultValue("false")
        boolean reply,

        @Description("Kafka topic in which the answers come; needed with `reply: true`.") @Nullable String replyFrom,

        @Description(
                "How long an answer is awaited once Kafka has the request; without one the message is delivered, and"
                        + " nobody answered. 10ms to 1h.")
        @DefaultValue("30s")
        Duration replyTimeout,

        @Description("Topic Name at which a request without Response Topic is answered; left out, it is not.") @Nullable Template replyTopic)
        implements ExactlyOnceSettings, ReplySettings {

    private static final int LONGEST_HEADER_NAME = 255;
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    public KafkaTo {
        for (String fixed : topic.fixedTexts()) {
            if (!KafkaTopicName.isLegal(fixed)) {
                throw new InvalidSettingException(
                        "topic", "must consist of a-z, A-Z, 0-9, '.', '_' and '-', was '" + topic + "'");
            }
        }
        if (topic.isFixed() && !KafkaTopicName.fits(topic.toString())) {
            throw new InvalidSettingException(
                    "topic",
                    "must be 1 to " + KafkaTopicName.LONGEST + " characters and neither '.' nor '..', was '" + topic
                            + "'");
        }
        if (partition != null && partition.isFixed() && !PartitionChoice.isNumber(partition.toString())) {
            throw new InvalidSettingException("partition", "must be a number such as 0, was '" + partition + "'");
        }
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : headers.keySet()) {
            requireData(name);
            if (!names.add(name)) {
                throw new InvalidSettingException("headers", "has '" + name + "' twice in different case");
            }
        }
        for (String own : MessageHeaders.NAMES) {
            if (names.contains(own) && (properties || own.equals(Hops.NAME))) {
                throw new InvalidSettingException("headers", "must not have '" + own + "', which Gantry itself writes");
            }
        }
        if (reply) {
            requireWayBack(replyFrom, replyTimeout, names);
        } else if (replyFrom != null) {
            throw new InvalidSettingException("reply-from", "must not be given without reply: true");
        }
        if (reply && exactlyOnce) {
            throw new InvalidSettingException("reply", "must not be true together with exactly-once");
        }
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    private static void requireWayBack(@Nullable String topic, Duration timeout, Set<String> headers) {
        if (topic == null || !KafkaTopicName.isLegal(topic) || !KafkaTopicName.fits(topic)) {
            throw new InvalidSettingException("reply-from", "must name a Kafka topic when reply is true, was " + topic);
        }
        within("reply-timeout", timeout, LEAST_TIMEOUT, LONGEST_TIMEOUT);
        if (headers.contains(Replies.CORRELATION) || headers.contains(Replies.REPLY_TOPIC)) {
            throw new InvalidSettingException(
                    "headers",
                    "must not have " + Replies.CORRELATION + " or " + Replies.REPLY_TOPIC + " with reply: true");
        }
    }

    /** Refuses names that Camel or its Kafka component would obey instead of sending. */
    private static void requireData(String name) {
        String stripped = name.strip().toLowerCase(Locale.ROOT);
        if (stripped.isEmpty() || name.length() > LONGEST_HEADER_NAME) {
            throw new InvalidSettingException(
                    "headers", "must have names of 1 to " + LONGEST_HEADER_NAME + " characters, was '" + name + "'");
        }
        if (stripped.startsWith("camel") || stripped.startsWith("kafka.") || stripped.startsWith("org.apache.camel")) {
            throw new InvalidSettingException(
                    "headers", "must not have names that start with Camel or kafka., was '" + name + "'");
        }
    }
}
