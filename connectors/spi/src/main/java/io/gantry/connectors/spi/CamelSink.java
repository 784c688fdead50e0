// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;

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
}
