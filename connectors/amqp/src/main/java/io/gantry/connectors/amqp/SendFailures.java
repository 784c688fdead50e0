// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.connectors.amqp.NotSentException.Stage;
import io.gantry.connectors.spi.ChangesOnly;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.ResourceAllocationException;
import org.apache.qpid.jms.provider.exceptions.ProviderDeliveryModifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed send means for the message. */
final class SendFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SendFailures.class);

    private static final Delivery REFUSED =
            new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "the AMQP broker rejects the message");
    private static final Delivery NO_SUCH_ADDRESS =
            new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "the AMQP address does not exist");
    private static final Delivery ADDRESS_MISSING = whenMended("the AMQP address does not exist");
    private static final Delivery NOT_ALLOWED = whenMended("the AMQP broker does not let the gateway do that");
    private static final Delivery NO_CONNECTION_UNTIL_MENDED = whenMended("the AMQP broker refuses the connection");
    private static final Delivery NO_CONNECTION = soon("the AMQP broker cannot be reached");
    private static final Delivery FULL = soon("the AMQP broker has no room for the message");
    private static final Delivery FULL_HERE = soon("as many messages as may be are on their way to the AMQP broker");
    private static final Delivery NOT_CONFIRMED = soon("the AMQP broker has not confirmed the message");

    private final String route;
    private final boolean isAddressFixed;
    private final ChangesOnly reported = new ChangesOnly();

    /**
     * Of one sink.
     *
     * @param isAddressFixed whether an address that does not exist is everybody's trouble, and not one message's
     */
    SendFailures(String route, boolean isAddressFixed) {
        this.route = route;
        this.isAddressFixed = isAddressFixed;
    }

    Delivery outcomeOf(Throwable failure) {
        Delivery outcome = classify(failure, isAddressFixed);
        if (reported.isNews(outcome.toString())) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("failure", kind(failure))
                    .log("an AMQP broker did not take a message; further failures of this kind are not logged for a"
                            + " while");
        }
        return outcome;
    }

    /** Names the kind only: texts may contain what a device or the broker has sent. */
    private static String kind(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + ": " + cause.getClass().getSimpleName();
    }

    static Delivery classify(Throwable failure, boolean isAddressFixed) {
        if (!(failure instanceof NotSentException notSent)) {
            return NOT_CONFIRMED;
        }
        Throwable cause = notSent.getCause();
        return switch (notSent.stage()) {
            case CONNECTING ->
                cause != null && Connections.wantsMending(cause) ? NO_CONNECTION_UNTIL_MENDED : NO_CONNECTION;
            case WAITING -> FULL_HERE;
            case ANSWERING -> Answer.NOT_IN_TIME;
            case SENDING, REJECTED -> ofBroker(notSent.stage(), cause, isAddressFixed);
        };
    }

    private static Delivery ofBroker(Stage stage, @Nullable Throwable cause, boolean isAddressFixed) {
        if (cause instanceof InvalidDestinationException) {
            return isAddressFixed ? ADDRESS_MISSING : NO_SUCH_ADDRESS;
        }
        if (cause instanceof JMSSecurityException) {
            return NOT_ALLOWED;
        }
        if (cause instanceof ResourceAllocationException) {
            return FULL;
        }
        boolean undeliverable = cause != null
                && cause.getCause() instanceof ProviderDeliveryModifiedException modified
                && modified.isUndeliverableHere();
        return stage == Stage.REJECTED || undeliverable ? REFUSED : NOT_CONFIRMED;
    }

    private static Delivery soon(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason);
    }

    /** Somebody has to mend it; until then no message is given up for it. */
    private static Delivery whenMended(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended());
    }
}
