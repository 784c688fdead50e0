// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Credentials;
import io.gantry.api.settings.Secret;
import io.gantry.security.JwtSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Tokens that no library would write")
class OddTokensTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final Workers workers = Workers.start();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        workers.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'nbf':1e300",
                "'nbf':9223372036854775807",
                "'nbf':18446744073709552",
                "'iat':9223372036854775807",
                "'nbf':'9999999999'",
                "'exp':'4000000000'",
                "'exp':18446744077709552",
                "'exp':[4000000000]",
                "'sub':'admin' twice",
                "'exp':4000000001 twice",
                "'aud':{'gantry':1}"
            })
    @DisplayName("[B14] are refused with a time that is none or that nobody can count to, and with a claim twice")
    void oddClaims(String odd) throws Exception {
        String member = odd.substring(0, odd.indexOf(':') + 1);
        String good = "{'iss':'" + Tokens.ISSUER + "','aud':'gantry','sub':'pump-7','exp':4000000000}";
        String bad = odd.endsWith("twice") || !good.contains(member)
                ? good.replace("}", "," + odd.replace(" twice", "") + "}")
                : good.replaceFirst(member + "[^,}]*", odd);

        assertThat(Shown.refused(by(new Secret(SECRET), null), shown(signedText(bad))))
                .as(bad)
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(Shown.accepted(by(new Secret(SECRET), null), shown(signedText(good)))
                        .username())
                .isEqualTo("pump-7");
    }

    private static String signedText(String claims) throws JOSEException {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims.replace('\'', '"')));
        token.sign(new MACSigner(SECRET));
        return token.serialize();
    }

    @Test
    @DisplayName("[B12] with an ECDSA signature of zeros are refused")
    void zeros() throws Exception {
        KeyPair keys = Tokens.keys("EC", 256);
        String good = Tokens.signed(
                JWSAlgorithm.ES256,
                null,
                new ECDSASigner((ECPrivateKey) keys.getPrivate()),
                Tokens.claims().build());
        String signed = good.substring(0, good.lastIndexOf('.') + 1);
        Path file = directory.resolve("key.pem");
        Files.writeString(file, Tokens.pem("PUBLIC KEY", keys.getPublic().getEncoded()));
        JwtAuthenticator byEc = by(null, file.toString());

        for (int size : new int[] {0, 1, 63, 64, 65, 128}) {
            assertThat(Shown.refused(byEc, shown(signed + Base64URL.encode(new byte[size]))))
                    .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        }
        assertThat(Shown.accepted(byEc, shown(good)).username()).isEqualTo("pump-7");
    }

    private static Credentials shown(String token) {
        return Shown.credentials("whoever", token);
    }

    private JwtAuthenticator by(@Nullable Secret secret, @Nullable String key) throws InvalidFileException {
        JwtSettings settings = new JwtSettings(
                secret,
                key,
                null,
                null,
                Duration.ofMinutes(10),
                Duration.ofHours(6),
                Tokens.ISSUER,
                List.of("gantry"),
                "sub",
                null,
                List.of());
        return JwtAuthenticator.open(settings, Clock.fixed(Tokens.NOW, ZoneOffset.UTC), workers);
    }
}
