// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
import io.gantry.api.settings.Secret;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of the admin port")
class AdminSettingsTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final Map<String, TokenSettings> TOKENS =
            Map.of("alice", new TokenSettings(new Secret(TOKEN), Role.OPERATOR));
    private static final ServerTlsSettings TLS = new ServerTlsSettings(
            "server.pem", "server.key", null, List.of(), null, null, null, false, Duration.ofSeconds(5));

    @DisplayName("[G20] open it on another address only with certificates and a token, and say what is missing")
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8080", "10.0.0.1:8080", "[::]:8080", "[2001:db8::1]:0"})
    void elsewhere(String listen) {
        assertThat(settings(listen, TLS, TOKENS).listen()).hasToString(listen);
        assertThatThrownBy(() -> settings(listen, null, Map.of()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("must be a loopback address such as 127.0.0.1:8080 as long as there is no tls: {cert: FILE,"
                        + " key: FILE} and tokens: {NAME: {token: \"${file:PATH}\", role: operator}}, was " + listen);
        assertThatThrownBy(() -> settings(listen, TLS, Map.of()))
                .hasMessageContaining("there is no tokens:")
                .hasMessageNotContaining("cert");
        assertThatThrownBy(() -> settings(listen, null, TOKENS))
                .hasMessageContaining("there is no tls:")
                .hasMessageNotContaining("tokens");
    }

    @DisplayName("need neither on a loopback address")
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8080", "localhost:1", "[::1]:0"})
    void loopback(String listen) {
        assertThat(settings(listen, null, Map.of()).listen()).hasToString(listen);
    }

    @DisplayName("refuse tokens that can be guessed or not be sent, without showing them")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret-secret-secret-secret-secr",
                "secret secret secret secret secret",
                "sécret-secret-secret-secret-secret"
            })
    void tokens(String token) {
        String text = token.length() == 32 ? token.substring(1) : token;

        assertThatThrownBy(() -> new TokenSettings(new Secret(text), Role.VIEWER))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("must ")
                .hasMessageNotContaining("cret");
    }

    @Test
    @DisplayName("refuse the same token under two names, and names that mean something else")
    void names() {
        Map<String, TokenSettings> twice = new LinkedHashMap<>(TOKENS);
        twice.put("bob", new TokenSettings(new Secret(TOKEN), Role.VIEWER));

        assertThatThrownBy(() -> settings("127.0.0.1:1", null, twice))
                .hasMessage("must all be different, bob is the same as another one");
        for (String name : List.of("local", "unknown", "", "a b", "a\nb", "x".repeat(65))) {
            assertThatThrownBy(() -> settings(
                            "127.0.0.1:1", null, Map.of(name, new TokenSettings(new Secret(TOKEN), Role.VIEWER))))
                    .hasMessageContaining("names of letters, digits");
        }
    }

    @Test
    @DisplayName("show no token")
    void hidden() {
        assertThat(settings("127.0.0.1:1", null, TOKENS)).asString().doesNotContain(TOKEN);
    }

    @DisplayName("refuse hosts with a port or brackets")
    @ParameterizedTest
    @ValueSource(strings = {"gantry.example:8080", "[::1]", "https://gantry.example", "a b", "", "*"})
    void hosts(String host) {
        AuditSettings audit = new AuditSettings(null, ByteSize.fromText("1MiB"), 5);

        assertThatThrownBy(() -> new AdminSettings(
                        true, ListenAddress.fromText("127.0.0.1:1"), null, Map.of(), List.of(host), audit))
                .hasMessageContaining("without a port");
    }

    @Test
    @DisplayName("bound the audit file")
    void audit() {
        assertThatThrownBy(() -> new AuditSettings(" ", ByteSize.fromText("1MiB"), 5))
                .hasMessage("must name a file");
        assertThatThrownBy(() -> new AuditSettings(null, ByteSize.fromText("63KiB"), 5))
                .hasMessage("must be 64KiB to 1GiB, was 63KiB");
        assertThatThrownBy(() -> new AuditSettings(null, ByteSize.fromText("1MiB"), 0))
                .hasMessage("must be 1 to 100, was 0");
    }

    private static AdminSettings settings(
            String listen, @Nullable ServerTlsSettings tls, Map<String, TokenSettings> tokens) {
        return new AdminSettings(
                true,
                ListenAddress.fromText(listen),
                tls,
                tokens,
                List.of(),
                new AuditSettings(null, ByteSize.fromText("1MiB"), 5));
    }
}
