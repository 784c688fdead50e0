// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A Kafka endpoint whose producer sends the record that {@link KafkaSink} put into the body. Camel's own producer
 * makes the record out of the body and of headers such as {@code kafka.OVERRIDE_TOPIC}; here no header can choose
 * anything, because none is read.
 */
final class RecordEndpoint extends KafkaEndpoint {

    RecordEndpoint(String uri, KafkaComponent component) {
        super(uri, component);
    }

    @Override
    protected KafkaProducer createProducer(KafkaEndpoint endpoint) {
        return new RecordProducer(endpoint);
    }

    private static final class RecordProducer extends KafkaProducer {

        RecordProducer(KafkaEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        protected ProducerRecord<Object, Object> createRecord(Exchange exchange, Message message) {
            return (PreparedRecord) message.getBody();
        }
    }
}
