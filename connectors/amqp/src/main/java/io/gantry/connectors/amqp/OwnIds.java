// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import org.apache.qpid.jms.JmsDestination;
import org.apache.qpid.jms.JmsSession;
import org.apache.qpid.jms.message.JmsMessageIDBuilder;
import org.apache.qpid.jms.policy.JmsMessageIDPolicy;

/**
 * Gives messages the gateway's ids, so that a repetition can be told. Qpid asks for the id while it sends, on the thread
 * that sends: a line has one.
 */
final class OwnIds implements JmsMessageIDPolicy, JmsMessageIDBuilder {
    private String next = "";

    /** The id of the message that is sent next. */
    void next(String id) {
        next = Encoding.ID + id;
    }

    @Override
    public JmsMessageIDPolicy copy() {
        return this;
    }

    @Override
    public JmsMessageIDBuilder getMessageIDBuilder(JmsSession session, JmsDestination destination) {
        return this;
    }

    @Override
    public Object createMessageID(String producerId, long messageSequence) {
        return next;
    }
}
