// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import java.util.ArrayList;
import java.util.List;

/** What was sent one way during one harm, as far as it was confirmed to its sender. Any thread. */
final class Sendings {
    private final List<Numbered> confirmed = new ArrayList<>();
    private int poison;
    private int repeated;

    synchronized void confirm(Numbered message) {
        confirmed.add(message);
    }

    synchronized void confirmPoison() {
        poison++;
    }

    /** A message is sent once more or oftener, since nobody said what became of it. */
    synchronized void repeat() {
        repeated++;
    }

    /** All that was confirmed, without the poison. */
    synchronized List<Numbered> confirmed() {
        return List.copyOf(confirmed);
    }

    synchronized int count() {
        return confirmed.size();
    }

    /** How many that can never be delivered. */
    synchronized int poison() {
        return poison;
    }

    /** How many were sent more than once: so many may have come twice by their senders' doing. */
    synchronized int repeated() {
        return repeated;
    }
}
