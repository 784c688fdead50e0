// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
                new SerializationException("x"),
                new InvalidTopicException("x"),
                new InvalidRecordException("x"),
                new NoSuchPartitionException("t", 3, 1));
    }

    @ParameterizedTest
    @MethodSource("passing")
    @DisplayName("leaves the message with its sender when it is a matter of time")
    void notNow(Exception failure) {
        assertThat(SendFailures.classify(failure))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.soon()));
    }

    static Stream<Exception> passing() {
        return Stream.of(
                new TimeoutException("x"),
                new NetworkException("x"),
                new NotEnoughReplicasException("x"),
                new OutOfOrderSequenceException("x"),
                new BufferExhaustedException("x"),
                new ProducerFencedException("x"),
                new InvalidProducerEpochException("x"),
                new KafkaException("Producer is closed forcefully."),
                new IllegalStateException("x"));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    @DisplayName("waits until somebody has mended what it names when time alone does not help")
    void parked(Exception failure, String reason) {
        assertThat(SendFailures.classify(failure))
                .isEqualTo(
                        new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended()));
    }

    static Stream<Arguments> lasting() {
        return Stream.of(
                Arguments.of(new TopicAuthorizationException("x"), "Kafka does not let the gateway write there"),
                Arguments.of(new SaslAuthenticationException("x"), "Kafka refuses the gateway's credentials"),
                Arguments.of(
                        new SslAuthenticationException("x"),
                        "Kafka and the gateway do not trust each other's certificates"),
                Arguments.of(new UnknownTopicOrPartitionException("x"), "the Kafka topic does not exist"),
                Arguments.of(new UnsupportedVersionException("x"), "Kafka lacks a feature that the gateway needs"));
    }
}
