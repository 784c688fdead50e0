// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import java.util.function.Consumer;

/** What is to be published at a broker, and what became of it; over one session. Any thread. */
interface Publishing {

    /** Publishes; answers, then or later, what became of it. */
    void publish(OutgoingMessage message, Consumer<Delivery> answer);

    /**
     * What the next connection does with the session.
     *
     * @param subscribed whether the session also has subscriptions
     */
    SessionUse sessionAt(BrokerUrl url, boolean subscribed);

    /** A connection begins. */
    void connected(Link to, BrokerUrl url, Announced announced);

    /** PUBREC came. */
    default void received(int packetId, int code) {
        // What is not of QoS 2 has none.
    }

    /** PUBCOMP came. */
    default void completed(int packetId, int code) {
        // What is not of QoS 2 has none.
    }

    /** The connection has ended, or there was none. */
    void lost(Trouble why);

    /** There will be no other connection: nothing stays unanswered. */
    void close();

    /** Whether a message has been waiting for its confirmation since before that time. */
    boolean isOverdue(long beforeNanos);
}
