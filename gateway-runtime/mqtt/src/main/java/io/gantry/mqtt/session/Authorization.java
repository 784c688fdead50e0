// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose a session is, and what he may do: the one place that asks the access rules, for what he publishes, his will too, what
 * he subscribes to, and each message to him, whether live, retained, stored or brought by a route. A rule that fails allows
 * nothing. Granted on the session's thread; asked on any.
 */
public final class Authorization {
    /** Most of what is known of an owner beside his name that is stored, in characters. */
    private static final int MOST_STORED = 65_536;

    private final Counters counters;
    private @Nullable Identity owner;
    private volatile Permissions permissions = Permissions.ALL;

    /** Of a session that is nobody's yet: what was found in the store without an owner was judged when it was stored. */
    Authorization(Counters counters) {
        this.counters = counters;
    }

    /**
     * Somebody has proved that the session is his.
     *
     * @param proved null for one who has proved nothing
     * @return whether {@link #owner} is another than before, or more or less is known of him
     */
    public boolean grant(@Nullable Identity proved, Permissions granted) {
        Identity before = owner;
        owner = proved == null ? null : storable(proved);
        permissions = granted;
        return !Objects.equals(before, owner);
    }

    /** One of whom more is known than is stored has no roles after a restart: with some he could do what the others deny. */
    private static Identity storable(Identity proved) {
        long characters = 0;
        for (String role : proved.roles()) {
            characters += role.length();
        }
        for (Map.Entry<String, String> attribute : proved.attributes().entrySet()) {
            characters += attribute.getKey().length() + attribute.getValue().length();
        }
        if (characters > MOST_STORED) {
            DeviceLog.knownTooWell(characters, MOST_STORED);
            return Identity.named(proved.username());
        }
        return proved.withoutEnd();
    }

    /** Whose it is, as it is stored: of bounded size, and without the end of the proof; null for nobody's. */
    @Nullable Identity owner() {
        return owner;
    }

    /** Whether the session was last that of somebody known who is not called so. */
    boolean isAnothers(@Nullable String username) {
        String name = owner == null ? null : owner.username();
        return name != null && !name.equals(username);
    }

    /** Whether a message of his, his will too, may go to a topic, and ask for an answer at the Response Topic it has. */
    public boolean mayPublish(TopicName topic, MessageProperties properties) {
        Permissions now = permissions;
        try {
            return now == Permissions.ALL || now.mayPublish(topic, properties.responseTopic());
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
