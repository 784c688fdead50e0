// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.connectors.spi.ChangesOnly;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed send means for the message, and for the endpoint. */
final class SendFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SendFailures.class);

    private static final Delivery TOO_LARGE =
            new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "the message is larger than Kafka takes");
    private static final Delivery REFUSED =
            new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "Kafka does not take such a message");
    private static final Delivery NO_PARTITION =
            new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "the Kafka topic has no such partition");
    private static final Delivery NOT_ALLOWED = whenMended("Kafka does not let the gateway write there");
    private static final Delivery WRONG_CREDENTIALS = whenMended("Kafka refuses the gateway's credentials");
    private static final Delivery NO_TLS = whenMended("Kafka and the gateway do not trust each other's certificates");
    private static final Delivery NO_TOPIC = whenMended("the Kafka topic does not exist");
    private static final Delivery TOO_OLD = whenMended("Kafka lacks a feature that the gateway needs");
    private static final Delivery NOT_CONFIRMED =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "Kafka has not confirmed the message");

    private final String route;
    private final KafkaReach reach;
    private final ChangesOnly reported = new ChangesOnly();

    SendFailures(String route, KafkaReach reach) {
        this.route = route;
        this.reach = reach;
    }

    Delivery outcomeOf(Throwable failure) {
        Delivery outcome = classify(failure);
        if (!(outcome instanceof Delivery.Rejected)) {
            reach.doubt();
        }
        if (reported.isNews(failure.getClass().getName())) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("failure", failure.toString())
                    .log("Kafka did not take a message; further failures of this kind are not logged for a while");
        }
        return outcome;
    }

    /** Never, not here, or not now. */
    static Delivery classify(Throwable failure) {
        if (failure instanceof RecordTooLargeException) {
            return TOO_LARGE;
        }
        if (failure instanceof NoSuchPartitionException) {
            return NO_PARTITION;
        }
        if (failure instanceof SerializationException
                || failure instanceof InvalidTopicException
                || failure instanceof InvalidTimestampException
                || failure instanceof InvalidRecordException) {
            return REFUSED;
        }
        if (failure instanceof SslAuthenticationException) {
            return NO_TLS;
        }
        if (failure instanceof AuthenticationException) {
            return WRONG_CREDENTIALS;
        }
        if (failure instanceof AuthorizationException) {
            return NOT_ALLOWED;
        }
        if (failure instanceof UnsupportedVersionException) {
            return TOO_OLD;
        }
        return failure instanceof UnknownTopicOrPartitionException ? NO_TOPIC : NOT_CONFIRMED;
    }

    /** Somebody has to mend it; until then no message is given up for it. */
    private static Delivery whenMended(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended());
    }
}
