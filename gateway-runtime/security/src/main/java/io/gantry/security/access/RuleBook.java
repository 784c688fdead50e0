// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import io.gantry.api.TopicName;
import io.gantry.security.RoleSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The roles as they are at one time, and what was decided by them lately. Any thread. */
final class RuleBook {
    /** Decisions that are remembered, for all clients together: a power of two. */
    private static final int REMEMBERED = 1 << 16;

    /** A longer topic is decided anew each time, so that what is remembered has a bound in bytes too. */
    private static final int LONGEST = 256;

    private final Map<String, Role> roles = new TreeMap<>();

    /** Written without a lock: what one thread overwrites another has only to decide again. */
    private final @Nullable Remembered[] remembered = new @Nullable Remembered[REMEMBERED];

    RuleBook(Map<String, RoleSettings> settings) {
        settings.forEach((name, role) -> roles.put(name, new Role(name, role)));
    }

    /** All fields are final, so whoever sees one sees it whole. */
    private record Remembered(Object client, boolean publishing, TopicName topic, boolean allowed) {}

    /** The known ones of some roles, in the order of their names. */
    List<Role> named(Collection<String> names) {
        List<Role> known = new ArrayList<>();
        for (Map.Entry<String, Role> role : roles.entrySet()) {
            if (names.contains(role.getKey())) {
                known.add(role.getValue());
            }
        }
        return List.copyOf(known);
    }

    /** Whether a client may publish to a topic or receive it, decided now or lately. */
    boolean allows(Client client, boolean publishing, TopicName topic) {
        String text = topic.value();
        if (text.length() > LONGEST) {
            return client.decide(publishing, topic).allowed();
        }
        int hash = (System.identityHashCode(client) * 31 + text.hashCode()) * 2 + (publishing ? 1 : 0);
        int slot = (hash ^ (hash >>> 16)) & (REMEMBERED - 1);
        Remembered known = remembered[slot];
        if (known != null
                && known.client == client
                && known.publishing == publishing
                && known.topic.value().equals(text)) {
            return known.allowed;
        }
        boolean allowed = client.decide(publishing, topic).allowed();
        remembered[slot] = new Remembered(client, publishing, topic, allowed);
        return allowed;
    }
}
