// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.EndpointWatcher.State;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a cloud service answers, by what became of the last attempt. Components give it the failures of their own
 * polling, which they would otherwise log, each with its stack. Any thread.
 */
final class CamelReach implements ExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CamelReach.class);

    private final String endpoint;
    private final EndpointWatcher watcher;
    private State state = State.WAITING;

    CamelReach(String endpoint, EndpointWatcher watcher) {
        this.endpoint = endpoint;
        this.watcher = watcher;
        watcher.changed(endpoint, state, "nothing sent or received yet");
    }

    synchronized void answered() {
        if (state == State.WAITING) {
            state = State.CONNECTED;
            watcher.changed(endpoint, state, "answers");
        }
    }

    synchronized void failed(Throwable failure) {
        if (state == State.CONNECTED) {
            state = State.WAITING;
            watcher.changed(endpoint, state, "does not answer, or refuses");
        }
        LOG.atDebug().addKeyValue("endpoint", endpoint).setCause(failure).log("an attempt has failed");
    }

    @Override
    public void handleException(Throwable exception) {
        handle(exception);
    }

    @Override
    public void handleException(String message, Throwable exception) {
        handle(exception);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        handle(exception);
    }

    /** That a route has not taken a message is no failure of the service. */
    private void handle(Throwable exception) {
        if (!(exception instanceof NotDeliveredException)) {
            failed(exception);
        }
    }
}
