// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Identity;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.security.authentication.AuthenticatorChain;
import io.gantry.security.authentication.AuthenticatorChain.Link;
import io.gantry.security.authentication.CertificateAuthenticator;
import io.gantry.security.authentication.HttpHookAuthenticator;
import io.gantry.security.authentication.IntrospectionAuthenticator;
import io.gantry.security.authentication.InvalidFileException;
import io.gantry.security.authentication.JwtAuthenticator;
import io.gantry.security.authentication.JwtMethod;
import io.gantry.security.authentication.PasswordFileAuthenticator;
import io.gantry.security.authentication.ScramMethod;
import io.gantry.security.authentication.Workers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The authenticators of {@code security.authenticate}, and the threads and files that they need. */
public final class Authenticators implements AutoCloseable {
    /** How long one authenticator may take; a CONNECT has 10 seconds for everything. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Link> links = new ArrayList<>();
    private final List<JwtAuthenticator> jwts = new ArrayList<>();
    private final Map<String, AuthenticationMethod> methods = new HashMap<>();
    private final @Nullable Identity anonymous;
    private final Workers workers = Workers.start();

    private Authenticators(@Nullable Identity anonymous) {
        this.anonymous = anonymous;
    }

    /**
     * Opens all of them.
     *
     * @param clock says when tokens end
     * @throws InvalidSettingException when a file that one of them needs is missing or wrong
     */
    public static Authenticators open(SecuritySettings settings, Clock clock) {
        Authenticators all = new Authenticators(
                settings.anonymous() ? AuthenticatorChain.anonymous(settings.anonymousRoles()) : null);
        List<AuthenticatorSettings> entries = settings.authenticate();
        try {
            for (int i = 0; i < entries.size(); i++) {
                boolean lastWord = entries.subList(i + 1, entries.size()).stream()
                        .noneMatch(AuthenticatorSettings::looksAtPasswords);
                all.add(entries.get(i), lastWord, clock);
            }
            return all;
        } catch (InvalidFileException wrong) {
            all.close();
            throw new InvalidSettingException("security.authenticate", String.valueOf(wrong.getMessage()));
        } catch (RuntimeException failure) {
            all.close();
            throw failure;
        }
    }

    private void add(AuthenticatorSettings entry, boolean lastWord, Clock clock) throws InvalidFileException {
        if (entry.passwordFile() != null) {
            add("password-file", PasswordFileAuthenticator.open(entry.passwordFile(), lastWord, workers));
        }
        if (entry.certificate() != null) {
            add("certificate", new CertificateAuthenticator(entry.certificate()));
        }
        if (entry.jwt() != null) {
            JwtAuthenticator jwt = JwtAuthenticator.open(entry.jwt(), clock, workers);
            add("jwt", jwt);
            jwts.add(jwt);
        }
        if (entry.introspection() != null) {
            add("introspection", IntrospectionAuthenticator.open(entry.introspection(), clock, workers));
        }
        if (entry.http() != null) {
            add("http", HttpHookAuthenticator.open(entry.http(), clock, workers));
        }
        if (entry.scram() != null) {
            methods.put(ScramMethod.NAME, ScramMethod.open(entry.scram(), workers));
            // a chain without links would let in as nameless who shows a name and a password that nobody looks at
            add("scram", credentials -> CompletableFuture.completedFuture(new Verdict.Unknown()));
        }
    }

    private void add(String name, Authenticator authenticator) {
        links.add(new Link(name, authenticator));
    }

    /** Asks them in their order. */
    public Authenticator chain() {
        return new AuthenticatorChain(links, anonymous, PATIENCE);
    }

    /** The Authentication Methods of MQTT 5 by their names. */
    public Map<String, AuthenticationMethod> methods() {
        Map<String, AuthenticationMethod> all = new HashMap<>(methods);
        if (!jwts.isEmpty()) {
            all.put(JwtMethod.NAME, new JwtMethod(jwts));
        }
        return Map.copyOf(all);
    }

    /** Says what is done about users of a file who have changed. */
    void onChangedUsers(Consumer<Set<String>> step) {
        workers.onChangedUsers(step);
    }

    /** What became of files with users and keys that have changed. */
    public FileCounts files() {
        return workers.files();
    }

    @Override
    public void close() {
        workers.close();
    }
}
