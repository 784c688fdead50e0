// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Message;
import io.gantry.connectors.spi.RejectedMessageException;

/** What happens to each message on its way through a route. Called on any thread, by several at once; never blocks. */
@FunctionalInterface
public interface MessageStep {

    /**
     * The message that goes on. What waits in the outbox, and becomes a dead letter, is the one that came.
     *
     * @throws RejectedMessageException when it can never go on; nothing else is thrown
     */
    Message apply(Message message) throws RejectedMessageException;
}
