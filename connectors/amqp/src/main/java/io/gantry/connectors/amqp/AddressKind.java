// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** What stands behind an address, for brokers that tell the two apart. */
enum AddressKind {
    /** Each message goes to one of those who read. */
    QUEUE,
    /** Each message goes to all who read. */
    TOPIC;

    Destination destination(Session session, String address) throws JMSException {
        return this == QUEUE ? session.createQueue(address) : session.createTopic(address);
    }
}
