// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as {@link KafkaSink} wants it sent; Kafka chooses the partition by the key. */
final class PreparedRecord extends ProducerRecord<Object, Object> {

    PreparedRecord(String topic, byte @Nullable [] key, byte[] value, List<Header> headers) {
        super(topic, null, null, key, value, headers);
    }
}
