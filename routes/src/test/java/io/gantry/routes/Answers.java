// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A sink that keeps what it is offered and gives one answer to all, and how to ask a sink and wait. */
final class Answers implements Sink {
    final List<Message> offered = new CopyOnWriteArrayList<>();
    private final Delivery answer;

    Answers(Delivery answer) {
        this.answer = answer;
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        offered.add(message);
        acknowledgement.complete(answer);
    }

    static Delivery deliver(Sink sink, Message message) throws Exception {
        CompletableFuture<Delivery> answer = new CompletableFuture<>();
        sink.offer(message, answer::complete);
        return answer.get(120, TimeUnit.SECONDS);
    }
}
