// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Finds out whether a Kafka topic has the partition that a record names. A producer would wait for it to come, and let
 * everybody wait behind it.
 */
final class PartitionCheck {

    private PartitionCheck() {}

    /**
     * Does nothing when the record names no partition; otherwise may wait for the topic's metadata as a send may.
     *
     * @throws NoSuchPartitionException when there is none
     * @throws org.apache.kafka.common.KafkaException as a send
     */
    static void check(ProducerRecord<byte[], byte[]> message, Producer<byte[], byte[]> client) {
        Integer partition = message.partition();
        if (partition == null) {
            return;
        }
        int partitions = client.partitionsFor(message.topic()).size();
        if (partition >= partitions) {
            throw new NoSuchPartitionException(message.topic(), partition, partitions);
        }
    }
}
