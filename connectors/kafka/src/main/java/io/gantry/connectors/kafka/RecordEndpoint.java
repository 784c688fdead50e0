// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka endpoint whose producer sends the record that {@link KafkaSink} put into the body. Camel's own producer
 * makes the record out of the body and of headers such as {@code kafka.OVERRIDE_TOPIC}; here no header can choose
 * anything, because none is read.
 */
final class RecordEndpoint extends KafkaEndpoint {

    private final @Nullable AskingProducer asking;

    /**
     * Sends without asking, or asks.
     *
     * @param asking null for a route that awaits no answers
     */
    RecordEndpoint(String uri, KafkaComponent component, @Nullable AskingProducer asking) {
        super(uri, component);
        this.asking = asking;
    }

    @Override
    protected KafkaProducer createProducer(KafkaEndpoint endpoint) {
        return new RecordProducer(endpoint, asking);
    }

    private static final class RecordProducer extends KafkaProducer {

        private final @Nullable AskingProducer asking;

        RecordProducer(KafkaEndpoint endpoint, @Nullable AskingProducer asking) {
            super(endpoint);
            this.asking = asking;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return asking == null
                    ? super.process(exchange, callback)
                    : asking.process(exchange, callback, super::process);
        }

        @Override
        protected ProducerRecord<Object, Object> createRecord(Exchange exchange, Message message) {
            return (PreparedRecord) message.getBody();
        }
    }
}
