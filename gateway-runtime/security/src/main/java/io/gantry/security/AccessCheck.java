// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.ClientId;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.Identity;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.security.access.AccessRules;
import io.gantry.security.authentication.InvalidFileException;
import io.gantry.security.authentication.UserRoles;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Answers what somebody could do if he were connected, and why, for whoever writes rules. Any thread. */
public final class AccessCheck {
    private final AccessRules rules;
    private final Identity identity;
    private final ClientId clientId;

    /** Of a client with an identity. */
    public AccessCheck(Map<String, RoleSettings> roles, Identity identity, ClientId clientId) {
        this.rules = new AccessRules(roles);
        this.identity = identity;
        this.clientId = clientId;
    }

    /** Whether he may publish to a topic. */
    public Decision publish(TopicName topic) {
        return rules.explainPublish(identity, clientId, topic);
    }

    /** Whether he may make a subscription; that of a shared one is judged by the filter behind the group. */
    public Decision subscribe(TopicFilter filter) {
        return rules.explainSubscribe(
                identity, clientId, filter.ofSharedSubscription().orElse(filter));
    }

    /** Variables of his roles' rules that have no value with him, or none that is the text of one level: those rules do not apply. */
    public Set<String> variablesWithoutValue() {
        return rules.variablesWithoutValue(identity, clientId);
    }

    /**
     * The roles of a user by the first password file that knows him.
     *
     * @return empty when none does
     * @throws InvalidSettingException when a file cannot be read, or a line of it is wrong
     */
    public static Optional<Set<String>> rolesOf(String user, SecuritySettings settings) {
        for (AuthenticatorSettings way : settings.authenticate()) {
            PasswordFileSettings file = way.passwordFile();
            Optional<Set<String>> roles = file == null ? Optional.empty() : rolesIn(file.file(), user);
            if (file != null && roles.isPresent()) {
                Set<String> all = new TreeSet<>(roles.get());
                all.addAll(file.role());
                return Optional.of(all);
            }
        }
        return Optional.empty();
    }

    private static Optional<Set<String>> rolesIn(String file, String user) {
        try {
            return UserRoles.of(user, file);
        } catch (InvalidFileException wrong) {
            throw new InvalidSettingException("authenticate", String.valueOf(wrong.getMessage()));
        }
    }
}
