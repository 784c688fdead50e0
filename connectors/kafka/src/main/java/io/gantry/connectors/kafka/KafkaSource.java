// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.MessageHeaders.Carried;
import io.gantry.connectors.spi.RejectedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes each Kafka record a message and hands it on without waiting for its acknowledgement: {@link InFlight} keeps it
 * until then, and nothing is committed before.
 */
final class KafkaSource implements CamelSource {
    private final String endpointName;
    private final Endpoint endpoint;
    private final InFlight inFlight;
    private final MessageId.Sequence ids;
    private final KafkaFrom settings;
    private final boolean readsHeaders;

    KafkaSource(String endpointName, Endpoint endpoint, InFlight inFlight, MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.endpoint = endpoint;
        this.inFlight = inFlight;
        this.ids = ids;
        this.settings = inFlight.settings();
        this.readsHeaders = settings.properties() || !settings.userProperties().isEmpty();
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Entrance next) {
        org.apache.camel.Message from = exchange.getMessage();
        String topic = from.getHeader(KafkaConstants.TOPIC, String.class);
        int partition = from.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = from.getHeader(KafkaConstants.OFFSET, Long.class);
        TopicPartition place = new TopicPartition(topic, partition);
        Headers headers = from.getHeader(KafkaConstants.HEADERS, Headers.class);
        try {
            inFlight.offer(place, offset, message(from, headers, carried(topic, from, headers)), next);
        } catch (RejectedMessageException unusable) {
            Carried nothing = new Carried(new TopicName(topic), null, false, MessageProperties.NONE);
            next.refused();
            inFlight.reject(place, offset, message(from, headers, nothing), unusable.asDelivery());
        }
        callback.done(true);
        return true;
    }

    /** What the headers say, as far as they are believed; the Kafka topic when they name no Topic Name. */
    private Carried carried(String topic, org.apache.camel.Message from, Headers headers)
            throws RejectedMessageException {
        if (!readsHeaders && headers.lastHeader(Hops.NAME) == null) {
            return new Carried(new TopicName(topic), null, false, MessageProperties.NONE);
        }
        Carried said = MessageHeaders.read(settings.properties(), settings.userProperties(), name -> {
            Header header = headers.lastHeader(name);
            return header == null ? null : text(header.value());
        });
        return new Carried(
                said.topic() == null ? new TopicName(topic) : said.topic(),
                said.qos(),
                said.retain(),
                said.properties().withExpirySeconds(left(said.properties().expirySeconds(), from)));
    }

    /** Without the time in Kafka. */
    private static @Nullable Long left(@Nullable Long expirySeconds, org.apache.camel.Message from) {
        Long written = from.getHeader(KafkaConstants.TIMESTAMP, Long.class);
        if (expirySeconds == null || written == null) {
            return expirySeconds;
        }
        return Math.max(0, expirySeconds - Math.max(0, System.currentTimeMillis() - written) / 1_000);
    }

    private Message message(org.apache.camel.Message from, Headers headers, Carried carried) {
        byte[] value = from.getBody(byte[].class);
        return new Message(
                ids.next(),
                Objects.requireNonNull(carried.topic()),
                value == null ? Payload.EMPTY : Payload.owning(value),
                carried.qos() == null ? Qos.AT_LEAST_ONCE : carried.qos(),
                carried.retain(),
                carried.properties(),
                new Origin.Endpoint(
                        endpointName, text(from.getHeader(KafkaConstants.KEY, byte[].class)), headers(headers)),
                System.currentTimeMillis());
    }

    private static List<UserProperty> headers(Headers headers) {
        List<UserProperty> texts = new ArrayList<>();
        for (Header header : headers) {
            String value = text(header.value());
            texts.add(new UserProperty(header.key(), value == null ? "" : value));
        }
        return texts;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
