// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.AccessControl;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.security.access.AccessRules;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is let in and what he may do, by the settings. Any thread. */
public final class Security implements AutoCloseable {
    private final @Nullable Authenticators authenticators;
    private final @Nullable AccessRules rules;

    private Security(@Nullable Authenticators authenticators, @Nullable AccessRules rules) {
        this.authenticators = authenticators;
        this.rules = rules;
    }

    /**
     * Opens what the settings ask for, with the files and threads it needs.
     *
     * @param clock says when proofs end
     * @throws InvalidSettingException when a file is missing or wrong
     */
    public static Security open(SecuritySettings settings, Clock clock) {
        Authenticators authenticators = settings.isOpen() ? null : Authenticators.open(settings, clock);
        return new Security(authenticators, settings.roles() == null ? null : new AccessRules(settings.roles()));
    }

    /** What listeners ask. Without authenticators and without {@code anonymous}, everybody is let in and may do everything. */
    public Gatekeeping gates() {
        if (authenticators == null) {
            return Gatekeeping.OPEN;
        }
        AccessControl access = rules == null ? AccessControl.OPEN : rules;
        return new Gatekeeping(authenticators.chain(), authenticators.methods(), access);
    }

    /**
     * Takes other roles in place of those there are; who is connected is judged by them from the next message on.
     *
     * @throws IllegalStateException when there are none, so that nobody asks
     */
    public void replaceRoles(Map<String, RoleSettings> roles) {
        if (rules == null) {
            throw new IllegalStateException("opened without roles");
        }
        rules.replace(roles);
    }

    /** How often a rule has not applied to a client because a variable of it has no value with that client, or an unusable one. */
    public long rulesWithoutValue() {
        return rules == null ? 0 : rules.rulesWithoutValue();
    }

    /**
     * Says what is done about users who are not in a file of users any more, or with another password or other roles: who is
     * connected as one of them has not proved it by what holds now.
     *
     * @param step is given their names, on a thread of its own, and does not throw
     */
    public void onChangedUsers(Consumer<Set<String>> step) {
        if (authenticators != null) {
            authenticators.onChangedUsers(step);
        }
    }

    /** What became of files with users and keys that have changed. */
    public FileCounts files() {
        return authenticators == null ? new FileCounts() : authenticators.files();
    }

    @Override
    public void close() {
        if (authenticators != null) {
            authenticators.close();
        }
    }
}
