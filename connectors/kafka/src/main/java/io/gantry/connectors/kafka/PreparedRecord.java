// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as {@link KafkaSink} wants it sent. */
final class PreparedRecord extends ProducerRecord<Object, Object> {

    /**
     * As Kafka takes it.
     *
     * @param partition null to have Kafka choose it by the key
     * @param value null for a tombstone
     */
    PreparedRecord(
            String topic,
            @Nullable Integer partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        super(topic, partition, null, key, value, headers);
    }
}
