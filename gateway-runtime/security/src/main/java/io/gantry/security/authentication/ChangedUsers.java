// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who has gone from a file of users, or is in it with another proof or other roles. A file that is written in place may be
 * seen half done, so that is believed when the next look finds nothing new. One thread.
 */
final class ChangedUsers<P> {
    private final Set<User<P>> missed = new HashSet<>();
    private Map<String, User<P>> latest;

    /** Of a file that holds these. */
    ChangedUsers(Map<String, User<P>> users) {
        this.latest = users;
    }

    /** The names of those who have changed for good, each time once. */
    Set<String> look(Map<String, User<P>> now) {
        Set<String> changed = new TreeSet<>();
        if (!now.equals(latest)) {
            latest.values().stream().filter(user -> isNotIn(now, user)).forEach(missed::add);
            latest = now;
        } else if (!missed.isEmpty()) {
            missed.stream().filter(user -> isNotIn(now, user)).map(User::name).forEach(changed::add);
            missed.clear();
        }
        return changed;
    }

    private boolean isNotIn(Map<String, User<P>> users, User<P> user) {
        return !user.equals(users.get(user.name()));
    }
}
