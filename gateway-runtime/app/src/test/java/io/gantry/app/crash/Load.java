// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import java.util.List;

/**
 * What devices publish.
 *
 * @param topics how Topic Names begin, in turn; the device's name follows
 * @param qos in turn
 * @param perSecond most messages a device begins in a second
 * @param mayBeRefused whether a refusal is an answer like another
 */
record Load(List<String> topics, List<Integer> qos, int perSecond, boolean mayBeRefused) {
    private static final int LIVELY = 500;

    /** At these QoS, to these Topic Names. */
    static Load of(List<Integer> qos, String... topics) {
        return new Load(List.of(topics), qos, LIVELY, false);
    }

    Load refusable() {
        return new Load(topics, qos, perSecond, true);
    }
}
