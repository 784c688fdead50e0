// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.Map;
import java.util.function.Predicate;

/**
 * What a run may be held to. A QoS 2 message always enters the gateway once, however often its device sends it again.
 *
 * @param targets by name, which Topic Names lead there
 * @param handedOnOnce whether what has entered comes out once
 * @param mostRepeats how often, all in all, a message may come out again where that is allowed
 */
record Promise(Map<String, Predicate<String>> targets, boolean handedOnOnce, long mostRepeats) {

    /** What is acknowledged comes out, at least once. */
    static Promise atLeastOnce(Map<String, Predicate<String>> targets, long mostRepeats) {
        return new Promise(targets, false, mostRepeats);
    }

    /** What is acknowledged comes out; at QoS 2, once. */
    static Promise exactlyOnce(Map<String, Predicate<String>> targets) {
        return new Promise(targets, true, 0);
    }
}
