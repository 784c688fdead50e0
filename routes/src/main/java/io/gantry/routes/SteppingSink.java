// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.List;

/** Takes each message through the steps of its route, on the thread of whoever offers it, and then on. */
final class SteppingSink implements Sink {
    private final List<MessageStep> steps;
    private final Sink next;

    SteppingSink(List<MessageStep> steps, Sink next) {
        this.steps = List.copyOf(steps);
        this.next = next;
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        Message changed = message;
        try {
            for (MessageStep step : steps) {
                changed = step.apply(changed);
            }
        } catch (RejectedMessageException rejected) {
            acknowledgement.complete(rejected.asDelivery());
            return;
        }
        next.offer(changed, acknowledgement);
    }
}
