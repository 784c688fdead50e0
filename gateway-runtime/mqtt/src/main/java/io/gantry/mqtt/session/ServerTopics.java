// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Message;
import io.gantry.api.Router;

/**
 * Messages on topics that are the server's, below {@code $SYS/}: they go to the sessions that want them and to no route. Any
 * thread.
 */
public final class ServerTopics {
    private final Router<Subscriber, Audience> router;
    private final RetainedMessages retained;
    private final Counters counters;

    ServerTopics(Router<Subscriber, Audience> router, RetainedMessages retained, Counters counters) {
        this.router = router;
        this.retained = retained;
        this.counters = counters;
    }

    /** A message of the gateway's own; it is kept in memory for those to come. */
    public void fromGateway(Message message) {
        retained.restore(message);
        toSessions(message);
    }

    /** What a device published there; false when it may not, so always but for {@link BridgeState}. */
    public boolean fromBridge(Message message) {
        if (!BridgeState.isIn(message)) {
            return false;
        }
        if (message.retain() && retained.hasRoom(message)) {
            retained.restore(message);
        } else if (message.retain()) {
            counters.count(Counter.RETAINED_REFUSED);
        }
        toSessions(message);
        return true;
    }

    /** A restart makes such messages anew, so they are not stored, and at most once is enough. */
    private void toSessions(Message made) {
        Message message = made.atMostOnce();
        Audience audience = router.audienceOf(message.topic());
        for (Audience.Recipient recipient : audience.recipients()) {
            Outgoing outgoing = Outgoing.by(recipient.subscriptions(), message, null, Acknowledgement.NOBODY);
            if (outgoing != null) {
                recipient.session().deliver(outgoing, null);
            }
        }
        for (SharedGroup group : audience.groups()) {
            Subscriber.Subscription chosen = group.choose(message.topic());
            if (chosen != null) {
                Outgoing outgoing = Outgoing.byGroup(group, chosen, message, Acknowledgement.NOBODY);
                chosen.session().deliver(outgoing, null);
            }
        }
    }

    RetainedMessages retained() {
        return retained;
    }
}
