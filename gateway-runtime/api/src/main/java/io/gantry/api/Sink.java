// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.List;

/**
 * The door between two stations: takes a message and answers, then or later, whether it took responsibility for it. A
 * route's lane, the Camel route behind it and the devices' side are all sinks.
 */
@FunctionalInterface
public interface Sink {
    /**
     * Offers a message. Returns at once, never blocks and never throws: a failure is a {@link Delivery}. Which threads
     * may call, the implementation says; messages offered by one thread keep their order.
     */
    void offer(Message message, Acknowledgement acknowledgement);

    /** One sink that offers each message to all, and answers when all have. */
    static Sink toAll(List<Sink> sinks) {
        if (sinks.size() == 1) {
            return sinks.get(0);
        }
        List<Sink> all = List.copyOf(sinks);
        return (message, acknowledgement) -> {
            Acknowledgement joint = new JointAcknowledgement(all.size(), acknowledgement);
            all.forEach(sink -> sink.offer(message, joint));
        };
    }
}
