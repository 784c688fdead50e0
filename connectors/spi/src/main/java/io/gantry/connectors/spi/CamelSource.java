// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;

/** The {@code from} side of a route at one endpoint. */
public interface CamelSource {

    /** Where the Camel route starts. */
    Endpoint endpoint();

    /**
     * Hands what an exchange brought to the rest of the route, and acknowledges it at its source once the route has
     * answered: a rejected message is counted and acknowledged as well, one that is unavailable is not. A caller that waits
     * is given the {@link io.gantry.api.Answer} with which the message is accepted.
     *
     * @param next the rest of the route, which is told also of what is refused here; may be called from this thread
     * @return as {@link org.apache.camel.AsyncProcessor#process(Exchange, AsyncCallback)}: true when the callback was
     *     called before returning
     */
    boolean receive(Exchange exchange, AsyncCallback callback, Entrance next);

    /** Whether the source may be given again what is brought to the devices, so that it is to be marked with {@link Hops}. */
    default boolean mayComeBack() {
        return false;
    }
}
