// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Rejects what is called never, and takes anything else at its second coming. */
final class RefusingOnce implements Sink {
    private final List<String> offered = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        String text = message.payload().asText();
        offered.add(text);
        if (text.equals("never")) {
            acknowledgement.complete(new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "no"));
        } else if (offered(text) == 1) {
            acknowledgement.complete(new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "not now"));
        } else {
            accepted.incrementAndGet();
            acknowledgement.complete(Delivery.accepted());
        }
    }

    long offered(String text) {
        return offered.stream().filter(text::equals).count();
    }

    int accepted() {
        return accepted.get();
    }
}
