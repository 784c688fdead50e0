// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** The devices' side: keeps what it is offered, and answers when the test says so. */
final class Devices implements Sink {
    final List<Offer> offers = new CopyOnWriteArrayList<>();
    private final Set<Integer> answered = new HashSet<>();

    record Offer(Message message, Acknowledgement acknowledgement) {
        String text() {
            return message.payload().asText();
        }
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        offers.add(new Offer(message, acknowledgement));
    }

    List<String> texts() {
        return offers.stream().map(Offer::text).toList();
    }

    void answer(int index, Delivery delivery) {
        if (answered.add(index)) {
            offers.get(index).acknowledgement().complete(delivery);
        }
    }

    void acceptAll() {
        IntStream.range(0, offers.size()).forEach(index -> answer(index, Delivery.accepted()));
    }
}
