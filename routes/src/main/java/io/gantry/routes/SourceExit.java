// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Entrance;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/** The end of a Camel route that brings messages in: here they leave Camel. */
final class SourceExit extends AsyncProcessorSupport {
    private final CamelSource source;
    private final Entrance next;

    SourceExit(CamelSource source, Entrance next) {
        this.source = source;
        this.next = next;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        return source.receive(
                exchange,
                doneSync -> {
                    // The consumer may answer with what is left on the exchange: not with what the request carried.
                    // One whose caller waits for nothing may need it for acknowledging.
                    if (exchange.getPattern().isOutCapable()) {
                        HeaderGate.close(exchange);
                    }
                    callback.done(doneSync);
                },
                next);
    }
}
