// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Where the Camel producer of a route hands its records. */
@FunctionalInterface
interface RecordSender {

    /** Takes a record. Never throws: the answer, also a refusal, comes by the callback, exactly once, on any thread. */
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback);
}
