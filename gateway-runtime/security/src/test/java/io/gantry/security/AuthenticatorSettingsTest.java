// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Settings of authenticators")
class AuthenticatorSettingsTest {
    private static final Secret SECRET = new Secret("0123456789abcdef0123456789abcdef");

    @Test
    @DisplayName("name one way each")
    void oneWay() {
        assertThatThrownBy(() -> new AuthenticatorSettings(null, null, null, null, null, null))
                .hasMessage("must have one of the keys password-file, certificate, jwt, scram, introspection, http");
        assertThatThrownBy(() -> new AuthenticatorSettings(
                        new PasswordFileSettings("users.txt", List.of()),
                        new CertificateSettings(CertificateSettings.Naming.CN, List.of()),
                        null,
                        null,
                        null,
                        null))
                .isInstanceOf(InvalidSettingException.class);
    }

    @Test
    @DisplayName("of tokens need one kind of key, [B17] an issuer and an audience")
    void tokens() {
        assertThatThrownBy(() -> jwt(null, null, "i", List.of("a")))
                .hasMessage("must have one of secret, key and jwks");
        assertThatThrownBy(() -> jwt(SECRET, "https://idp.example/jwks", "i", List.of("a")))
                .hasMessage("must have one of secret, key and jwks");
        assertThatThrownBy(() -> jwt(new Secret("too-short"), null, "i", List.of("a")))
                .hasMessage("must have at least 32 bytes");
        assertThatThrownBy(() -> jwt(SECRET, null, "", List.of("a"))).hasMessage("must not be empty");
        assertThatThrownBy(() -> jwt(SECRET, null, "i", List.of()))
                .hasMessage("must be at least one, and not be empty");
        assertThatThrownBy(() -> jwt(SECRET, null, "i", List.of("")))
                .hasMessage("must be at least one, and not be empty");
        assertThat(jwt(SECRET, null, "i", List.of("a")).toString()).doesNotContain("0123456789");
    }

    @ParameterizedTest
    @DisplayName("take URLs that nobody on the way can read")
    @ValueSource(
            strings = {
                "http://idp.example/jwks",
                "http://127.0.0.1.example/jwks",
                "ftp://idp.example/jwks",
                "https://user:pass@idp.example/jwks",
                "https://idp.example/jwks#x",
                "https:///jwks",
                "https://idp example/"
            })
    void badUrls(String url) {
        assertThatThrownBy(() -> jwt(null, url, "i", List.of("a")))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("jwks"))
                .hasMessageStartingWith("must ");
    }

    @ParameterizedTest
    @DisplayName("take https URLs, and http URLs of this machine")
    @ValueSource(
            strings = {
                "https://idp.example/jwks",
                "http://127.0.0.1:8080/jwks",
                "http://[::1]/jwks",
                "http://localhost/"
            })
    void goodUrls(String url) {
        assertThat(jwt(null, url, "i", List.of("a")).jwksUrl()).isEqualTo(url);
    }

    private static JwtSettings jwt(
            @Nullable Secret secret, @Nullable String jwks, String issuer, List<String> audience) {
        return new JwtSettings(
                secret,
                null,
                jwks,
                null,
                Duration.ofMinutes(10),
                Duration.ofHours(6),
                issuer,
                audience,
                "sub",
                null,
                List.of());
    }
}
