// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Identity;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.security.authentication.AuthenticatorChain;
import io.gantry.security.authentication.AuthenticatorChain.Link;
import io.gantry.security.authentication.InvalidFileException;
import io.gantry.security.authentication.PasswordFileAuthenticator;
import io.gantry.security.authentication.Workers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The authenticators of {@code security.authenticate}, and the threads and files that they need. */
public final class Authenticators implements AutoCloseable {
    /** How long one authenticator may take; a CONNECT has 10 seconds for everything. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Link> links = new ArrayList<>();
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
                all.add(entries.get(i), lastWord);
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

    private void add(AuthenticatorSettings entry, boolean lastWord) throws InvalidFileException {
        if (entry.passwordFile() != null) {
            links.add(
                    new Link("password-file", PasswordFileAuthenticator.open(entry.passwordFile(), lastWord, workers)));
        }
    }

    /** Asks them in their order. */
    public Authenticator chain() {
        return new AuthenticatorChain(links, anonymous, PATIENCE);
    }

    /** The Authentication Methods of MQTT 5 by their names. */
    public Map<String, AuthenticationMethod> methods() {
        return Map.copyOf(methods);
    }

    @Override
    public void close() {
        workers.close();
    }
}
