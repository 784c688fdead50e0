// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.ClientId;
import io.gantry.api.security.Identity;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.app.yaml.Guess;
import io.gantry.security.AccessCheck;
import io.gantry.security.RoleSettings;
import io.gantry.security.SecuritySettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say as whom access rules are tried. */
final class AskedClient {

    @Option(
            names = "--as",
            paramLabel = "USER",
            description = "The user name; left out for a device that shows nothing.")
    private @Nullable String user;

    @Option(names = "--client", paramLabel = "ID", description = "The Client Identifier (default: the user name).")
    private @Nullable String client;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "A role of the user; several times for several. Left out, those that a password file gives.")
    private List<String> roles = List.of();

    @Option(names = "--cn", paramLabel = "NAME", description = "The common name (CN) of the user's certificate.")
    private @Nullable String commonName;

    @Option(
            names = "--claim",
            paramLabel = "NAME=VALUE",
            description = "A claim of the user's token; several times for several.")
    private Map<String, String> claims = new LinkedHashMap<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Who is asked about, under the rules of some settings. */
    AccessCheck under(Map<String, RoleSettings> rules, SecuritySettings security) {
        for (String role : roles) {
            if (!rules.containsKey(role)) {
                throw refused("no role is called '" + role + "'" + Guess.among(role, rules.keySet()));
            }
        }
        String id = client != null ? client : user != null ? user : "";
        if (id.isEmpty()) {
            throw refused("expected --client, since there is no user name to take for it");
        }
        Map<String, String> attributes = new HashMap<>();
        claims.forEach((name, value) -> attributes.put("claim." + name, value));
        if (commonName != null) {
            attributes.put("cn", commonName);
        }
        return new AccessCheck(
                rules, new Identity(user, rolesUnder(security), attributes, Identity.WITHOUT_END), new ClientId(id));
    }

    /** Those given, or those that the settings give. */
    Set<String> rolesUnder(SecuritySettings security) {
        if (!roles.isEmpty()) {
            return Set.copyOf(roles);
        }
        if (user == null) {
            if (!security.anonymous()) {
                throw refused("expected --as or --role, since anonymous devices are not let in");
            }
            return Set.copyOf(security.anonymousRoles());
        }
        try {
            return AccessCheck.rolesOf(user, security)
                    .orElseThrow(() -> refused("no password file knows the user '" + user + "', expected --role"));
        } catch (InvalidSettingException wrong) {
            throw refused(String.valueOf(wrong.getMessage()));
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
