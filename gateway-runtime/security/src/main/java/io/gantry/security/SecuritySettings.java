// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code security:} of the YAML. */
@Description("Who may connect, and what he may do.")
public record SecuritySettings(
        @Description("Whether devices that show nothing are let in, which without `authenticate` are all. Listeners on"
                + " loopback addresses let everybody in as long as there is no `authenticate`.")
        @DefaultValue("false")
        boolean anonymous,

        @Description("Roles of a device that shows nothing, when `anonymous` is true.") @DefaultValue("[]")
        List<String> anonymousRoles,

        @Description("Ways to find out who a device is, asked in this order: the first that knows it decides.")
        @DefaultValue("[]")
        List<AuthenticatorSettings> authenticate,

        @Description("What devices may do, by the names of roles. Needed when there is `authenticate`. Without both,"
                + " devices that are let in may publish and subscribe to everything.")
        @Nullable Map<String, RoleSettings> roles) {

    /** Of a file that says nothing about it. */
    public static final SecuritySettings NONE = new SecuritySettings(false, List.of(), List.of(), null);

    public SecuritySettings {
        anonymousRoles = List.copyOf(anonymousRoles);
        authenticate = List.copyOf(authenticate);
        roles = roles == null ? null : Map.copyOf(roles);
        if (!authenticate.isEmpty() && roles == null) {
            throw new InvalidSettingException(
                    "roles",
                    "must be given when there is authenticate, such as {device: {publish: [\"#\"], subscribe: [\"#\"]}}");
        }
        if (authenticate.stream().filter(each -> each.scram() != null).count() > 1) {
            throw new InvalidSettingException("authenticate", "must not have scram twice");
        }
        if (!anonymousRoles.isEmpty() && !anonymous) {
            throw new InvalidSettingException("anonymous-roles", "must not be given when anonymous is false");
        }
        if (!anonymousRoles.isEmpty() && roles == null) {
            throw new InvalidSettingException("anonymous-roles", "must not be given without roles");
        }
        if (roles != null && authenticate.isEmpty() && anonymousRoles.isEmpty()) {
            throw new InvalidSettingException(
                    "roles",
                    "give nothing to anybody without authenticate, or without anonymous: true and anonymous-roles");
        }
    }

    /** Whether whoever can reach a listener is let in without a proof, and nobody has said that this is meant. */
    public boolean isOpen() {
        return authenticate.isEmpty() && !anonymous;
    }

    /** Whether the others say the same, except for what the roles are; those that have none do not equal those that have. */
    public boolean equalsButForRoles(SecuritySettings others) {
        return anonymous == others.anonymous
                && anonymousRoles.equals(others.anonymousRoles)
                && authenticate.equals(others.authenticate)
                && (roles == null) == (others.roles == null);
    }

    /** The same with other roles. */
    public SecuritySettings with(@Nullable Map<String, RoleSettings> others) {
        return new SecuritySettings(anonymous, anonymousRoles, authenticate, others);
    }
}
