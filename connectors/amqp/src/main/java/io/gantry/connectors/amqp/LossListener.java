// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.net.URI;
import java.util.function.Consumer;
import org.apache.qpid.jms.JmsConnectionListener;
import org.apache.qpid.jms.message.JmsInboundMessageDispatch;

/**
 * Hears when a connection is lost.
 *
 * @param whenLost is told why, on a thread of Qpid's
 */
record LossListener(Consumer<Throwable> whenLost) implements JmsConnectionListener {

    @Override
    public void onConnectionFailure(Throwable failure) {
        whenLost.accept(failure);
    }

    @Override
    public void onSessionClosed(Session session, Throwable cause) {
        whenLost.accept(cause);
    }

    @Override
    public void onConnectionEstablished(URI broker) {
        // Whoever connects knows.
    }

    @Override
    public void onConnectionInterrupted(URI broker) {
        // Happens with Qpid's failover alone.
    }

    @Override
    public void onConnectionRestored(URI broker) {
        // Happens with Qpid's failover alone.
    }

    @Override
    public void onInboundMessage(JmsInboundMessageDispatch message) {
        // Comes to its consumer.
    }

    @Override
    public void onConsumerClosed(MessageConsumer consumer, Throwable cause) {
        // The next read tells.
    }

    @Override
    public void onProducerClosed(MessageProducer producer, Throwable cause) {
        // The next send tells.
    }
}
