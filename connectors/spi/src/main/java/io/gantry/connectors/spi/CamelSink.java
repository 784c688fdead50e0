// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Transactions;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The {@code to} side of a route at one endpoint. Its methods are called on the route's own threads. */
public interface CamelSink {

    /** Where the Camel route ends. */
    Endpoint endpoint();

    /**
     * Puts the message into an exchange that carries no header at all: sets the body and the headers that the YAML
     * fixed. Nothing a device sent may choose a header's name.
     *
     * @param values what the route's templates may use of this message
     * @throws RejectedMessageException when the message can never be sent there
     */
    void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException;

    /** What a failure of the Camel producer means for the message: never, or not now. */
    Delivery outcomeOf(Throwable failure);

    /**
     * Whether messages may be sent without waiting for the answers of those before, and keep their order all the same:
     * once a message has failed for now, nothing that was offered after it to the same place in the target (a Kafka
     * partition), before that failure was told, is delivered any more; it fails as well. A sender that then waits for all
     * answers, and offers again what was not accepted in the old order, leaves messages in the target whose first
     * occurrences are in order.
     */
    default boolean keepsOrder() {
        return false;
    }

    /**
     * What the target has answered, for a route with {@link ReplySettings}; null when it answers nothing.
     *
     * @param exchange as the producer left it, without a failure
     */
    default @Nullable Answer answerOf(Exchange exchange) {
        return null;
    }

    /** Whether other gateways may be behind the target, so that each message is to be marked with {@link Hops}. */
    default boolean mayComeBack() {
        return false;
    }

    /** How the target takes messages exactly once; null when it does not, or was not asked to. */
    default @Nullable Transactions transactions() {
        return null;
    }
}
