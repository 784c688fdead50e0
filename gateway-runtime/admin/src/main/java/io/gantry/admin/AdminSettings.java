// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code admin:} of the YAML. */
@Description("The admin port: health, metrics, status and dead letters over HTTP.")
public record AdminSettings(
        @Description("Whether there is an admin port. Without it there are no metrics, and `gantry status` and"
                + " `gantry dead-letters` do not work.")
        @DefaultValue("true")
        boolean enabled,

        @Description(
                "Where it listens, as `host:port`; port 0 takes a free one. An address that is not a loopback address"
                        + " needs `tls` and at least one of `tokens`.")
        @DefaultValue("127.0.0.1:8080")
        ListenAddress listen,

        @Description("Certificates for https. Left out, it is plain http, on loopback addresses only.") @Nullable ServerTlsSettings tls,

        @Description("Who may use it, by the names that the audit file shows: letters, digits, `-` and `_`, at most 64."
                + " Where there are any, everything but `/health/live` and `/health/ready` needs one, on loopback"
                + " addresses too.")
        @DefaultValue("{}")
        Map<String, TokenSettings> tokens,

        @Description("Names and addresses by which it may be called, without a port, beside the address that the"
                + " connection reached: what `Host` may say.")
        @DefaultValue("[]")
        List<String> hosts,

        @Description("The record of changes.") @DefaultValue("{}")
        AuditSettings audit) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}");
    private static final Set<String> TAKEN = Set.of(Caller.LOCAL, Caller.UNKNOWN);

    public AdminSettings {
        tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
        hosts = List.copyOf(hosts);
        checkTokens(tokens);
        hosts.forEach(AdminSettings::checkHost);
        if (enabled && !listen.isLoopback() && (tls == null || tokens.isEmpty())) {
            throw new InvalidSettingException(
                    "listen",
                    "must be a loopback address such as 127.0.0.1:8080 as long as there is no " + missing(tls, tokens)
                            + ", was " + listen);
        }
    }

    private static String missing(@Nullable ServerTlsSettings tls, Map<String, TokenSettings> tokens) {
        String certificate = "tls: {cert: FILE, key: FILE}";
        String token = "tokens: {NAME: {token: \"${file:PATH}\", role: operator}}";
        return tls != null ? token : tokens.isEmpty() ? certificate + " and " + token : certificate;
    }

    private static void checkTokens(Map<String, TokenSettings> tokens) {
        Set<String> values = new HashSet<>();
        tokens.forEach((name, entry) -> {
            if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
                throw new InvalidSettingException(
                        "tokens",
                        "must have names of letters, digits, - and _, at most 64, other than local and unknown");
            }
            if (!values.add(entry.token().reveal())) {
                throw new InvalidSettingException(
                        "tokens", "must all be different, " + name + " is the same as another one");
            }
        });
    }

    private static void checkHost(String host) {
        if (!HOST.matcher(host).matches()) {
            throw new InvalidSettingException(
                    "hosts", "must be names or addresses without a port and brackets, such as gantry.example");
        }
    }
}
