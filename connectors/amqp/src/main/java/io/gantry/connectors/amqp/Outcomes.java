// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import jakarta.jms.Message;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.tracing.JmsTracer;
import org.apache.qpid.jms.tracing.TraceableMessage;
import org.jspecify.annotations.Nullable;

/**
 * Tells a message that the broker has rejected from one whose link was closed under way. Qpid reports both by the same
 * exception; only its tracer is told the outcome on the wire. Of the two only the first can never be delivered.
 */
final class Outcomes implements JmsTracer {
    static final Outcomes TRACER = new Outcomes();

    private static final String KEY = "io.gantry.outcome";
    private static final String REJECTED = "REJECTED";

    private Outcomes() {}

    /** Whether the broker has said that it rejects the message. */
    static boolean isRejected(Message sent) {
        return sent instanceof JmsMessage message
                && REJECTED.equalsIgnoreCase(String.valueOf(message.getFacade().getTracingContext(KEY)));
    }

    @Override
    public void completeSend(TraceableMessage message, @Nullable String outcome) {
        if (outcome != null) {
            message.setTracingContext(KEY, outcome);
        }
    }

    @Override
    public void initSend(TraceableMessage message, String address) {
        // Only the outcome is of interest.
    }

    @Override
    public void syncReceive(TraceableMessage message, String address, DeliveryOutcome outcome) {
        // Only the outcome of what is sent is of interest.
    }

    @Override
    public void asyncDeliveryInit(TraceableMessage message, String address) {
        // Only the outcome of what is sent is of interest.
    }

    @Override
    public void asyncDeliveryComplete(TraceableMessage message, DeliveryOutcome outcome, @Nullable Throwable failure) {
        // Only the outcome of what is sent is of interest.
    }

    @Override
    public void close() {
        // Shared by all connections.
    }
}
