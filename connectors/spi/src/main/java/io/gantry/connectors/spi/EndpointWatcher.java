// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

/** Is told when an endpoint's state changes. */
@FunctionalInterface
public interface EndpointWatcher {

    /** The states of an endpoint. */
    enum State {
        /** Not reached yet, or lost; tried again on its own. */
        WAITING,
        /** Reached. */
        CONNECTED
    }

    /**
     * A change, on any thread.
     *
     * @param endpoint its name in the YAML
     * @param detail why, in a few words without secrets
     */
    void changed(String endpoint, State state, String detail);
}
