// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    KafkaSource(String endpointName, Endpoint endpoint, InFlight inFlight, MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.endpoint = endpoint;
        this.inFlight = inFlight;
        this.ids = ids;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Sink next) {
        org.apache.camel.Message from = exchange.getMessage();
        String topic = from.getHeader(KafkaConstants.TOPIC, String.class);
        int partition = from.getHeader(KafkaConstants.PARTITION, Integer.class);
        long offset = from.getHeader(KafkaConstants.OFFSET, Long.class);
        inFlight.offer(new TopicPartition(topic, partition), offset, message(topic, from), next);
        callback.done(true);
        return true;
    }

    private Message message(String topic, org.apache.camel.Message from) {
        byte[] value = from.getBody(byte[].class);
        return new Message(
                ids.next(),
                new TopicName(topic),
                value == null ? Payload.EMPTY : Payload.owning(value),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Endpoint(
                        endpointName,
                        text(from.getHeader(KafkaConstants.KEY, byte[].class)),
                        headers(from.getHeader(KafkaConstants.HEADERS, Headers.class))),
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
