// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.security.Decision;
import java.util.List;

/**
 * One client under the rules of one book. Any thread.
 *
 * @param roles that the book knows of those the client has
 */
record Client(RuleBook book, List<Role> roles, Variables values) {

    boolean mayPublish(TopicName topic) {
        return book.allows(this, true, topic);
    }

    boolean mayReceive(TopicName topic) {
        return book.allows(this, false, topic);
    }

    Decision decide(boolean publishing, TopicName topic) {
        return Role.joined(roles, role -> role.decide(publishing, topic, values));
    }

    Decision decide(TopicFilter filter) {
        List<String> levels = List.of(filter.value().split("/", -1));
        return Role.joined(roles, role -> role.decide(levels, values));
    }
}
