// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.EndpointWatcher.State;

/** Tells changes of a broker's state, each once. One thread. */
final class BrokerReach {
    private final String endpoint;
    private final EndpointWatcher watcher;
    private String detail = "";

    BrokerReach(String endpoint, EndpointWatcher watcher) {
        this.endpoint = endpoint;
        this.watcher = watcher;
    }

    void connected(BrokerUrl url) {
        tell(State.CONNECTED, "connected to " + url);
    }

    void waiting(BrokerUrl url, Trouble trouble) {
        tell(State.WAITING, url + ": " + trouble.detail());
    }

    private void tell(State state, String why) {
        if (!why.equals(detail)) {
            detail = why;
            watcher.changed(endpoint, state, why);
        }
    }
}
