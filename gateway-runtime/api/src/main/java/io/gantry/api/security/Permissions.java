// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * What one client may do, by the rules as they are now. Asked for each message, so answers cost less than a microsecond.
 * Any thread.
 */
public interface Permissions {
    /** Everything. */
    Permissions ALL = new Permissions() {
        @Override
        public boolean mayPublish(TopicName topic) {
            return true;
        }

        @Override
        public boolean maySubscribe(TopicFilter filter) {
            return true;
        }

        @Override
        public boolean mayReceive(TopicName topic) {
            return true;
        }
    };

    /** Whether a message of the client's, its will too, may go to a topic. */
    boolean mayPublish(TopicName topic);

    /**
     * Whether a message may go to a topic with a Response Topic. Who answers it publishes with rights of his own, so that must
     * be one where the client gets the answer, or could have published it himself.
     *
     * @param responseTopic null for a message that asks for nothing
     */
    default boolean mayPublish(TopicName topic, @Nullable TopicName responseTopic) {
        return mayPublish(topic) && (responseTopic == null || mayReceive(responseTopic) || mayPublish(responseTopic));
    }

    /**
     * Whether a subscription may be made: some rule allows every topic that the filter matches. A part of these may still
     * be denied, which {@link #mayReceive} says.
     *
     * @param filter that of a shared subscription is judged without {@code $share/group/}
     */
    boolean maySubscribe(TopicFilter filter);

    /** Whether a message of that topic may be sent to the client: live, retained, or brought by a route. */
    boolean mayReceive(TopicName topic);
}
