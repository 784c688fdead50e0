// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A target that notes what it is offered, and answers as its script says or when the test does. */
final class ScriptedTarget implements Sink {
    static final Delivery AWAY = new Delivery.Unavailable(ReasonCode.SERVER_UNAVAILABLE, "away");
    static final Delivery NEVER = new Delivery.Rejected(ReasonCode.PAYLOAD_FORMAT_INVALID, "cannot be read");
    static final Delivery MEND =
            new Delivery.Unavailable(ReasonCode.NOT_AUTHORIZED, "wrong password", Retry.whenMended());

    private final List<String> offered = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final Deque<Offer> open = new ArrayDeque<>();
    private Function<Message, @Nullable Delivery> script = message -> null;

    /** Something offered that has not been answered. */
    record Offer(Message message, Acknowledgement acknowledgement) {}

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        offered.add(message.payload().asText());
        Offer offer = new Offer(message, acknowledgement);
        open.add(offer);
        Delivery answer = script.apply(message);
        if (answer != null) {
            answer(offer, answer);
        }
    }

    private void answer(Offer offer, Delivery answer) {
        open.remove(offer);
        if (answer instanceof Delivery.Accepted) {
            taken.add(offer.message().payload().asText());
        }
        offer.acknowledgement().complete(answer);
    }

    /** Answers what comes from now on; null for later. */
    void answers(Function<Message, @Nullable Delivery> answers) {
        script = answers;
    }

    /** The same answer to everything from now on. */
    void answers(Delivery always) {
        script = message -> always;
    }

    /** Keeps everything from now on until the test answers. */
    void answersLater() {
        script = message -> null;
    }

    /** Answers everything that is open, in order. */
    void answerAll(Delivery answer) {
        List.copyOf(open).forEach(offer -> answer(offer, answer));
    }

    /** Answers one that is open. */
    Offer answer(String payload, Delivery answer) {
        Offer offer = open.stream()
                .filter(one -> one.message().payload().asText().equals(payload))
                .findFirst()
                .orElseThrow(() -> new AssertionError(payload + " is not open, but " + open));
        answer(offer, answer);
        return offer;
    }

    /** Payloads of everything offered, in order. */
    List<String> offered() {
        return offered;
    }

    /** Payloads of everything it accepted, in order. */
    List<String> taken() {
        return taken;
    }

    /** Payloads of what is open. */
    List<String> open() {
        return open.stream().map(offer -> offer.message().payload().asText()).toList();
    }

    /** The oldest that is open. */
    Offer first() {
        return Objects.requireNonNull(open.peek());
    }

    void forget() {
        offered.clear();
        taken.clear();
    }
}
