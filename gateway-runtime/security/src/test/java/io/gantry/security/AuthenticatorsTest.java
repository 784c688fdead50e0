// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The authenticators of a file")
class AuthenticatorsTest {

    @TempDir
    private Path directory;

    @Test
    @DisplayName("[B21] do not open when a file is missing, and say which")
    void missing() {
        String file = directory.resolve("users.txt").toString();

        assertThatThrownBy(() -> open(passwords(file)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(file + ": must be a file that can be read");
    }

    @Test
    @DisplayName("bring the Authentication Methods of tokens and of SCRAM when they are there")
    void methods() throws Exception {
        Path scram = Files.writeString(directory.resolve("scram.txt"), "# nobody yet\n");
        Path users = Files.writeString(directory.resolve("users.txt"), "");

        try (Authenticators all = open(
                        new AuthenticatorSettings(
                                null, null, null, new ScramSettings(scram.toString(), List.of()), null, null),
                        new AuthenticatorSettings(null, null, jwt(), null, null, null));
                Authenticators one = open(passwords(users.toString()))) {
            assertThat(all.methods()).containsOnlyKeys("SCRAM-SHA-256", "JWT");
            assertThat(one.methods()).isEmpty();
        }
    }

    @Test
    @DisplayName("let nobody in as nameless who shows a password, though only SCRAM could have known him")
    void scramAlone() throws Exception {
        Path scram = Files.writeString(directory.resolve("scram.txt"), "# nobody yet\n");
        AuthenticatorSettings entry =
                new AuthenticatorSettings(null, null, null, new ScramSettings(scram.toString(), List.of()), null, null);
        SecuritySettings settings = new SecuritySettings(true, List.of("guest"), List.of(entry), Map.of());

        try (Authenticators all = Authenticators.open(settings, Clock.systemUTC())) {
            assertThat(verdict(all, null, null)).isInstanceOf(Verdict.Accepted.class);
            assertThat(verdict(all, "admin", "guess")).isInstanceOf(Verdict.Refused.class);
        }
    }

    private static Verdict verdict(Authenticators all, @Nullable String username, @Nullable String password) {
        Credentials shown = new Credentials(
                InetAddress.getLoopbackAddress(),
                new ClientId("c"),
                username,
                password == null ? null : Payload.ofText(password),
                List.of());
        return all.chain().authenticate(shown).toCompletableFuture().join();
    }

    private static Authenticators open(AuthenticatorSettings... entries) {
        return Authenticators.open(
                new SecuritySettings(false, List.of(), List.of(entries), Map.of()), Clock.systemUTC());
    }

    private static AuthenticatorSettings passwords(String file) {
        return new AuthenticatorSettings(new PasswordFileSettings(file, List.of()), null, null, null, null, null);
    }

    private static JwtSettings jwt() {
        return new JwtSettings(
                new Secret("0123456789abcdef0123456789abcdef"),
                null,
                null,
                null,
                Duration.ofMinutes(10),
                Duration.ofHours(6),
                "issuer",
                List.of("gantry"),
                "sub",
                null,
                List.of());
    }
}
