// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import io.gantry.api.Sink;
import io.gantry.api.store.Store;

/**
 * What is wrong with a gateway, between its parts. Fail points end it at a moment that a test chooses; negative controls
 * break its promise, so that a checker that does not notice is found out.
 */
public interface Fault {

    /** The store, with the fault in it. */
    default Store store(Store store) {
        return store;
    }

    /** The way out of an outbox, with the fault in it. */
    default Sink target(Sink target) {
        return target;
    }

    /**
     * Makes one as a command line names it: {@code kind} or {@code kind:number}.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    static Fault named(String text) {
        String[] words = text.split(":", 2);
        int number = words.length == 1 ? 1 : Integer.parseInt(words[1]);
        return switch (words[0]) {
            case FailPoint.AFTER_WRITE, FailPoint.AFTER_SYNC, FailPoint.BEFORE_CURSOR, FailPoint.INSIDE_RECOVERY ->
                new FailPoint(words[0], number);
            case BadStore.ACKNOWLEDGES_EARLY -> BadStore.acknowledgesEarly();
            case BadStore.FORGETS_PACKET_IDENTIFIERS -> BadStore.forgetsPacketIdentifiers();
            case BadStore.CHANGES_ITS_ID -> BadStore.changesItsId();
            case BadTarget.TWO_LANES -> BadTarget.twoLanes();
            case BadTarget.CONFIRMS_EARLY -> BadTarget.confirmsEarly();
            case BadTarget.CORRUPTS -> BadTarget.corrupts();
            case BadTarget.MISROUTES -> BadTarget.misroutes();
            default -> throw new IllegalArgumentException("no fault is called '" + text + "'");
        };
    }
}
