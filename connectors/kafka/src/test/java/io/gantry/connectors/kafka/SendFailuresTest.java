// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A failed send to Kafka")
class SendFailuresTest {

    @Test
    @DisplayName("is a rejection as too large when the record is")
    void tooLarge() {
        assertThat(SendFailures.classify(new RecordTooLargeException("x")))
                .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                        .isEqualTo(ReasonCode.PACKET_TOO_LARGE));
    }

    @ParameterizedTest
    @MethodSource("permanent")
    @DisplayName("is a rejection when Kafka will never take such a record")
    void permanentlyRefused(Exception failure) {
        assertThat(SendFailures.classify(failure)).isInstanceOf(Delivery.Rejected.class);
    }

    static Stream<Exception> permanent() {
        return Stream.of(
                new SerializationException("x"), new InvalidTopicException("x"), new InvalidRecordException("x"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    @DisplayName("leaves the message with its sender when it is a matter of time or of the route as a whole")
    void notNow(Exception failure) {
        assertThat(SendFailures.classify(failure)).isInstanceOf(Delivery.Unavailable.class);
    }

    static Stream<Exception> passing() {
        return Stream.of(
                new TimeoutException("x"),
                new NetworkException("x"),
                new NotEnoughReplicasException("x"),
                new OutOfOrderSequenceException("x"),
                new BufferExhaustedException("x"),
                new TopicAuthorizationException("x"),
                new SaslAuthenticationException("x"),
                new UnknownTopicOrPartitionException("x"),
                new IllegalStateException("x"));
    }
}
