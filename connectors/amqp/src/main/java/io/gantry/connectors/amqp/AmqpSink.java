// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Values;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Makes each message an AMQP message, and a {@link Delivery} of what comes of it. */
final class AmqpSink implements CamelSink {
    private final Endpoint endpoint;
    private final boolean saysAll;
    private final MessageChoice messages;
    private final SendFailures failures;

    /**
     * A route's way to one endpoint.
     *
     * @param saysAll whether everything MQTT says about a message goes along
     */
    AmqpSink(String route, Endpoint endpoint, MessageChoice messages, boolean saysAll) {
        this.saysAll = saysAll;
        this.endpoint = endpoint;
        this.messages = messages;
        this.failures = new SendFailures(route, messages.isAddressFixed());
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException {
        exchange.getMessage().setBody(messages.of(message, values, System.currentTimeMillis()));
    }

    @Override
    public Delivery outcomeOf(Throwable failure) {
        return failures.outcomeOf(failure);
    }

    @Override
    public @Nullable Answer answerOf(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Answer answer ? answer : null;
    }

    /** Who copies all that MQTT says is likely to read it back; other readers are spared a property of ours. */
    @Override
    public boolean mayComeBack() {
        return saysAll;
    }
}
