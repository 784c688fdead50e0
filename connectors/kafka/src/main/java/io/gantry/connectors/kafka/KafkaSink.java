// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.Transactions;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes each message a Kafka record: the value is the payload, the rest is what the YAML says. */
final class KafkaSink implements CamelSink {
    private final Endpoint endpoint;
    private final @Nullable Transactions transactions;
    private final @Nullable AskingProducer asking;
    private final TopicChoice topic;
    private final PartitionChoice partition;
    private final @Nullable Template key;
    private final boolean tombstone;
    private final boolean properties;
    private final HeaderChoice headers;
    private final SendFailures failures;

    /**
     * A route's way to one endpoint.
     *
     * @param transactions around the records; null for a route that does not write exactly once
     * @param asking null for a route that awaits no answers
     */
    KafkaSink(
            Endpoint endpoint,
            KafkaTo settings,
            SendFailures failures,
            @Nullable Transactions transactions,
            @Nullable AskingProducer asking) {
        this.endpoint = endpoint;
        this.transactions = transactions;
        this.asking = asking;
        this.topic = new TopicChoice(settings.topic());
        this.key = settings.key();
        this.partition = new PartitionChoice(settings.partition());
        this.tombstone = settings.tombstone();
        this.properties = settings.properties();
        this.headers = new HeaderChoice(settings.headers(), settings.properties());
        this.failures = failures;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException {
        exchange.getMessage()
                .setBody(new PreparedRecord(
                        topic.of(values),
                        partition.of(values),
                        keyOf(message, values),
                        tombstone && message.payload().isEmpty()
                                ? null
                                : message.payload().sharedBytes(),
                        headersOf(message, values)));
    }

    private List<Header> headersOf(Message message, Values values) {
        List<Header> own = headers.of(message, values);
        if (asking == null) {
            return own;
        }
        List<Header> all = new ArrayList<>(own);
        all.addAll(asking.headersOf(message));
        return all;
    }

    @Override
    public @Nullable Answer answerOf(Exchange exchange) {
        return asking == null ? null : exchange.getProperty(AskingProducer.ANSWER, Answer.class);
    }

    private byte @Nullable [] keyOf(Message message, Values values) {
        String text = key == null ? keyOfOrigin(message.origin()) : key.render(values);
        return text == null || text.isEmpty() ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** What keeps the order in which the message's sender sent. */
    private static @Nullable String keyOfOrigin(Origin origin) {
        if (origin instanceof Origin.Device device) {
            return device.clientId().value();
        }
        return origin instanceof Origin.Endpoint endpoint ? endpoint.key() : null;
    }

    @Override
    public Delivery outcomeOf(Throwable failure) {
        return failures.outcomeOf(failure);
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }

    /** Who copies all that MQTT says is likely to read it back; others pay nothing for marks that nobody reads. */
    @Override
    public boolean mayComeBack() {
        return properties;
    }

    @Override
    public @Nullable Transactions transactions() {
        return transactions;
    }
}
