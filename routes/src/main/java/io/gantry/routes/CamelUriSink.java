// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.Values;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;

/** Sends the payload, and nothing else, to any Camel endpoint. */
final class CamelUriSink implements CamelSink {
    private static final Delivery FAILED =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the route's target has failed");

    private final Endpoint endpoint;

    CamelUriSink(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void prepare(Message message, Values values, Exchange exchange) {
        // A copy, since nobody knows what an unknown component does with the array.
        exchange.getMessage().setBody(message.payload().sharedBytes().clone());
    }

    @Override
    public Delivery outcomeOf(Throwable failure) {
        return FAILED;
    }
}
