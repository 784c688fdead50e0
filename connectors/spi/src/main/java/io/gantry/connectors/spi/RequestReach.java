// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.connectors.spi.EndpointWatcher.State;

/** Knows from the requests whether a target answers, whatever it answers, and tells changes. Safe for any thread. */
public final class RequestReach {
    private final String endpoint;
    private final EndpointWatcher watcher;
    private String detail;
    private long answeredNanos;

    /** Nothing was asked yet, which is told. */
    public RequestReach(String endpoint, EndpointWatcher watcher) {
        this.endpoint = endpoint;
        this.watcher = watcher;
        this.detail = "no request yet";
        this.answeredNanos = System.nanoTime();
        watcher.changed(endpoint, State.WAITING, detail);
    }

    /** A request got an answer. */
    public synchronized void answered() {
        answeredNanos = System.nanoTime();
        tell(State.CONNECTED, "answers");
    }

    /**
     * A request got no answer.
     *
     * @param sinceNanos when it began, by {@link System#nanoTime}: what was answered since then says more
     * @param why a few words without secrets, and with nothing of a message
     */
    public synchronized void failed(long sinceNanos, String why) {
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
