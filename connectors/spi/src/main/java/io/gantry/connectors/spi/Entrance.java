// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Sink;

/** Where what a source brings enters its route, and is counted. Any thread. */
public interface Entrance extends Sink {

    /**
     * Says that something came of which no message was made: it cannot be one, or there is no room for it. Its source has
     * told whoever sent it. Nothing of it is offered.
     */
    void refused();
}
