// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import io.gantry.api.ClientId;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.AccessControl;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.security.Decision;
import io.gantry.security.RoleSettings;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says by the rules of roles what clients may do: what one rule denies is denied, and what none allows too. The rules can be
 * changed while clients are connected. Any thread.
 */
public final class AccessRules implements AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRules.class);

    private final LongAdder withoutValue = new LongAdder();
    private volatile RuleBook book;

    /** With the rules to begin with. */
    public AccessRules(Map<String, RoleSettings> roles) {
        this.book = new RuleBook(roles);
    }

    /** Takes other rules; permissions handed out before follow them from now on. */
    public void replace(Map<String, RoleSettings> roles) {
        book = new RuleBook(roles);
    }

    @Override
    public Permissions permissions(Identity identity, ClientId clientId) {
        return new Following(new Variables(identity, clientId));
    }

    /** How often a rule has not applied to a client because a variable of it has no value with that client, or an unusable one. */
    public long rulesWithoutValue() {
        return withoutValue.sum();
    }

    /** Which rule decides whether a client may publish to a topic. */
    public Decision explainPublish(Identity identity, ClientId clientId, TopicName topic) {
        return client(book, new Variables(identity, clientId)).decide(true, topic);
    }

    /** Which rule decides whether a client may make a subscription. */
    public Decision explainSubscribe(Identity identity, ClientId clientId, TopicFilter filter) {
        return client(book, new Variables(identity, clientId)).decide(filter);
    }

    /** The variables in the rules of a client's roles that have no usable value with it. */
    public Set<String> variablesWithoutValue(Identity identity, ClientId clientId) {
        Variables values = new Variables(identity, clientId);
        Set<String> missing = new TreeSet<>();
        for (Role role : client(book, values).roles()) {
            missing.addAll(role.rulesWithVariable().keySet());
        }
        missing.removeIf(variable -> values.apply(variable) != null);
        return missing;
    }

    private static Client client(RuleBook book, Variables values) {
        return new Client(book, book.named(values.identity().roles()), values);
    }

    private void count(Client client) {
        for (Role role : client.roles()) {
            role.rulesWithVariable().forEach((variable, rules) -> {
                if (client.values().apply(variable) == null) {
                    withoutValue.add(rules);
                    LOG.atDebug()
                            .addKeyValue("client", client.values().clientId())
                            .addKeyValue("variable", variable)
                            .addKeyValue("rules", rules)
                            .log(
                                    "rules do not apply to a client with which a variable of theirs has no value of one level");
                }
            });
        }
    }

    /** Permissions by whatever book is the present one. */
    private final class Following implements Permissions {
        private final Variables values;
        private volatile Client client;

        Following(Variables values) {
            this.values = values;
            this.client = client(book, values);
            count(client);
        }

        @Override
        public boolean mayPublish(TopicName topic) {
            return now().mayPublish(topic);
        }

        @Override
        public boolean maySubscribe(TopicFilter filter) {
            return now().decide(filter).allowed();
        }

        @Override
        public boolean mayReceive(TopicName topic) {
            return now().mayReceive(topic);
        }

        private Client now() {
            Client known = client;
            RuleBook present = book;
            if (known.book() != present) {
                known = client(present, values);
                client = known;
            }
            return known;
        }
    }
}
