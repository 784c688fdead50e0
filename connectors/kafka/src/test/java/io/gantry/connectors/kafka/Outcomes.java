// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import java.util.ArrayList;
import java.util.List;

/** Collects what became of messages. */
final class Outcomes implements Acknowledgement {
    private final List<Delivery> outcomes = new ArrayList<>();

    @Override
    public synchronized void complete(Delivery delivery) {
        outcomes.add(delivery);
    }

    synchronized int count() {
        return outcomes.size();
    }

    synchronized List<Delivery> all() {
        return List.copyOf(outcomes);
    }
}
