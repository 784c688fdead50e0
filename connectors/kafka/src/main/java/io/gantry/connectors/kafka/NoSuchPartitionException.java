// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import org.apache.kafka.common.errors.ApiException;

/** A record for a partition that its Kafka topic does not have. Has no stack trace, as Kafka's own refusals have none. */
final class NoSuchPartitionException extends ApiException {
    private static final long serialVersionUID = 1L;

    NoSuchPartitionException(String topic, int partition, int partitions) {
        super(topic + " has no partition " + partition + ", but " + partitions);
    }
}
