// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.EndpointWatcher.State;

/** Knows from the requests whether the server answers, whatever it answers, and tells changes. Safe for any thread. */
final class CoapReach {
    private final String endpoint;
    private final EndpointWatcher watcher;
    private String detail;
    private long answeredNanos;

    CoapReach(String endpoint, EndpointWatcher watcher) {
        this.endpoint = endpoint;
        this.watcher = watcher;
        this.detail = "no request yet";
        this.answeredNanos = System.nanoTime();
        watcher.changed(endpoint, State.WAITING, detail);
    }

    synchronized void answered() {
        answeredNanos = System.nanoTime();
        tell(State.CONNECTED, "answers");
    }

    /**
     * A request got no answer.
     *
     * @param sinceNanos when it began: what was answered since then says more
     */
    synchronized void failed(long sinceNanos, String why) {
        if (sinceNanos - answeredNanos > 0) {
            tell(State.WAITING, why);
        }
    }

    private void tell(State state, String why) {
        if (!why.equals(detail)) {
            detail = why;
            watcher.changed(endpoint, state, why);
        }
    }
}
