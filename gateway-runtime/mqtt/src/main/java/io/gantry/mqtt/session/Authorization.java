// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Permissions;
import org.jspecify.annotations.Nullable;

/**
 * Whose a session is, and what he may do: the one place that asks the access rules, for what he publishes, his will too, what
 * he subscribes to, and each message to him, whether live, retained, stored or brought by a route. A rule that fails allows
 * nothing. Granted on the session's thread; asked on any.
 */
public final class Authorization {
    private final Counters counters;
    private @Nullable String owner;
    private volatile Permissions permissions = Permissions.ALL;

    /** Of a session nobody has connected to since the start of the gateway: what he might do was judged before it. */
    Authorization(Counters counters) {
        this.counters = counters;
    }

    /**
     * Somebody has proved that the session is his.
     *
     * @param username null for one whose name is not known, or not proved
     */
    public void grant(@Nullable String username, Permissions granted) {
        owner = username;
        permissions = granted;
    }

    /** Whether the session was last that of somebody known who is not called so. */
    boolean isAnothers(@Nullable String username) {
        return owner != null && !owner.equals(username);
    }

    /** Whether a message of his, his will too, may go to a topic. */
    public boolean mayPublish(TopicName topic) {
        Permissions now = permissions;
        try {
            return now == Permissions.ALL || now.mayPublish(topic);
        } catch (RuntimeException failure) {
            return failed(failure);
        }
    }

    /** Whether he may have a subscription; a shared one is judged by what it is to. */
    boolean maySubscribe(TopicFilter filter) {
        try {
            return permissions.maySubscribe(filter.ofSharedSubscription().orElse(filter));
        } catch (RuntimeException failure) {
            return failed(failure);
        }
    }

    /** Whether a message of a topic may be given to him. */
    boolean mayReceive(TopicName topic) {
        Permissions now = permissions;
        try {
            return now == Permissions.ALL || now.mayReceive(topic);
        } catch (RuntimeException failure) {
            return failed(failure);
        }
    }

    /** Whether a message must not be given to him, which is counted. */
    boolean denies(Message message) {
        if (mayReceive(message.topic())) {
            return false;
        }
        counters.count(Counter.MESSAGES_DROPPED_NOT_ALLOWED);
        return true;
    }

    private static boolean failed(RuntimeException rule) {
        DeviceLog.ruleFailed(rule);
        return false;
    }
}
