// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.Sink;
import io.gantry.api.store.Store;

/** What stands between the parts of a gateway: nothing, but for tests that put faults there. */
interface Wiring {
    /** As it is. */
    Wiring PLAIN = new Wiring() {};

    /** The store that everything is kept in. */
    default Store store(Store opened) {
        return opened;
    }

    /**
     * The way out of an outbox.
     *
     * @param outbox the route's name and the endpoint's: {@code route/endpoint}
     */
    default Sink target(String outbox, Sink target) {
        return target;
    }
}
