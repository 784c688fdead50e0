// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.settings.Secret;
import io.gantry.security.JwtSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Input: the password of a device. */
@DisplayName("Any bytes as a token")
class TokensFuzz {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String GOOD = good();
    private static final Workers WORKERS = Workers.start();
    private static final JwtAuthenticator AUTHENTICATOR = authenticator();

    static Stream<Arguments> seeds() {
        return Stream.of(
                        GOOD,
                        GOOD.substring(0, GOOD.length() - 2),
                        GOOD + "x",
                        new PlainJWT(Tokens.claims().build()).serialize(),
                        "eyJhbGciOiJub25lIn0.e30.",
                        "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiYjY0Il0sImI2NCI6ZmFsc2V9.e30.AA",
                        "..",
                        "a.b.c",
                        "secret")
                .map(text -> arguments(named(
                        text.length() + " characters, " + Integer.toHexString(text.hashCode()),
                        text.getBytes(StandardCharsets.UTF_8))));
    }

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @DisplayName("lets in only what was signed with the key, and always has an answer")
    @MethodSource("seeds")
    @FuzzTest
    void judging(byte[] input) {
        Verdict verdict =
                Shown.verdict(AUTHENTICATOR, Shown.credentials(null, new String(input, StandardCharsets.ISO_8859_1)));

        String signed = GOOD.substring(0, GOOD.lastIndexOf('.') + 1);
        if (!new String(input, StandardCharsets.ISO_8859_1).startsWith(signed)) {
            assertThat(verdict).isNotInstanceOf(Verdict.Accepted.class);
        }
    }

    static Stream<Arguments> keySeeds() {
        String ed =
                Tokens.pem("PUBLIC KEY", Tokens.keys("Ed25519", 0).getPublic().getEncoded());
        return Stream.of(
                        ed,
                        ed.replace("PUBLIC", "PRIVATE"),
                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
                        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
                        "{\"keys\":" + "[".repeat(5_000))
                .map(text -> arguments(named(
                        text.length() + " characters, "
                                + Integer.toHexString(text.substring(0, 20).hashCode()),
                        text.getBytes(StandardCharsets.UTF_8))));
    }

    @DisplayName("as a key set or a key in PEM is keys, or is refused with the file's name")
    @MethodSource("keySeeds")
    @FuzzTest
    void keys(byte[] input) {
        try {
            assertThat(VerificationKeys.ofJwks("keys", input).keys()).isNotEmpty();
        } catch (InvalidFileException refused) {
            assertThat(refused).hasMessageStartingWith("keys: must ");
        }
        try {
            assertThat(VerificationKeys.ofPem("keys", input).keys()).hasSize(1);
        } catch (InvalidFileException refused) {
            assertThat(refused).hasMessageStartingWith("keys: ");
        }
    }

    private static String good() {
        try {
            return Tokens.signed(
                    JWSAlgorithm.HS256,
                    null,
                    new MACSigner(SECRET),
                    Tokens.claims().build());
        } catch (JOSEException failure) {
            throw new AssertionError(failure);
        }
    }

    private static JwtAuthenticator authenticator() {
        JwtSettings settings = new JwtSettings(
                new Secret(SECRET),
                null,
                null,
                null,
                Duration.ofMinutes(10),
                Duration.ofHours(6),
                Tokens.ISSUER,
                List.of("gantry"),
                "sub",
                "groups",
                List.of());
        try {
            return JwtAuthenticator.open(settings, Clock.fixed(Tokens.NOW, ZoneOffset.UTC), WORKERS);
        } catch (InvalidFileException failure) {
            throw new AssertionError(failure);
        }
    }
}
