// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Identity;
import io.gantry.api.settings.Secret;
import io.gantry.security.JwtSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Tokens")
class JwtAuthenticatorTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final KeyPair RSA = Tokens.keys("RSA", 2_048);
    private static final KeyPair EC = Tokens.keys("EC", 256);
    private static final KeyPair ED = Tokens.keys("Ed25519", 0);

    private final Workers workers = Workers.start();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        workers.close();
    }

    @ParameterizedTest
    @DisplayName("signed with the secret by HS256, HS384 or HS512 are accepted until they end")
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void secret(String algorithm) throws Exception {
        Identity identity =
                Shown.accepted(bySecret(), token(hmac(algorithm, Tokens.claims().build())));

        assertThat(identity.username()).isEqualTo("pump-7");
        assertThat(identity.validUntilMillis()).isEqualTo(Tokens.at(600).getTime());
    }

    @ParameterizedTest
    @DisplayName("signed by RS or PS are accepted with the public key of a PEM file")
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void rsa(String algorithm) throws Exception {
        JwtAuthenticator byKey = byKey(Tokens.pem("PUBLIC KEY", RSA.getPublic().getEncoded()));

        assertThat(Shown.accepted(
                                byKey,
                                token(rsa(algorithm, null, Tokens.claims().build())))
                        .username())
                .isEqualTo("pump-7");
    }

    @Test
    @DisplayName("signed by ES256 and EdDSA are accepted with their public keys")
    void curves() throws Exception {
        JwtAuthenticator byEc = byKey(Tokens.pem("PUBLIC KEY", EC.getPublic().getEncoded()));
        JwtAuthenticator byEd = byKey(Tokens.pem("PUBLIC KEY", ED.getPublic().getEncoded()));
        String ed = Tokens.signedByEd25519(ED, Tokens.claims().build());

        assertThat(Shown.accepted(byEc, token(ec(Tokens.claims().build()))).username())
                .isEqualTo("pump-7");
        assertThat(Shown.accepted(byEd, token(ed)).username()).isEqualTo("pump-7");
        assertThat(Shown.refused(
                        byEd,
                        token(Tokens.signedByEd25519(
                                Tokens.keys("Ed25519", 0), Tokens.claims().build()))))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(Shown.refused(byEd, token(ec(Tokens.claims().build())))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName("are accepted with the keys of a set, chosen by kid; secrets in a set sign nothing")
    void keySet() throws Exception {
        byte[] point = Arrays.copyOfRange(ED.getPublic().getEncoded(), 12, 44);
        JwtAuthenticator bySet = byJwks(new JWKSet(List.of(
                new RSAKey.Builder((RSAPublicKey) RSA.getPublic()).keyID("r").build(),
                new ECKey.Builder(Curve.P_256, (ECPublicKey) EC.getPublic()).build(),
                new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
                        .keyID("ed")
                        .build(),
                new OctetSequenceKey.Builder(SECRET.getBytes(StandardCharsets.UTF_8))
                        .keyID("oct")
                        .build())));

        for (String good : List.of(
                rsa("RS256", "r", Tokens.claims().build()),
                ec(Tokens.claims().build()),
                Tokens.signedByEd25519(ED, Tokens.claims().build()))) {
            assertThat(Shown.accepted(bySet, token(good)).username()).isEqualTo("pump-7");
        }
        for (String bad : List.of(
                rsa("RS256", "../../x", Tokens.claims().build()),
                hmac("HS256", Tokens.claims().build()))) {
            assertThat(Shown.refused(bySet, token(bad))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        }
    }

    @Test
    @DisplayName("[B12] with alg=none, or signed by HS256 with the public key for a secret, are refused")
    void keyConfusion() throws Exception {
        String pem = Tokens.pem("PUBLIC KEY", RSA.getPublic().getEncoded());
        JwtAuthenticator byKey = byKey(pem);
        JWTClaimsSet claims = Tokens.claims().build();

        for (String forged : List.of(
                new PlainJWT(claims).serialize(),
                Tokens.signed(JWSAlgorithm.HS256, null, new MACSigner(pem.getBytes(StandardCharsets.UTF_8)), claims),
                Tokens.signed(
                        JWSAlgorithm.HS256, null, new MACSigner(RSA.getPublic().getEncoded()), claims))) {
            assertThat(Shown.refused(byKey, token(forged))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
            assertThat(Shown.refused(bySecret(), token(forged))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        }
    }

    @Test
    @DisplayName("[B12] that bring their own key or say where it is are judged by ours alone")
    void ownKey() throws Exception {
        KeyPair own = Tokens.keys("RSA", 2_048);
        RSAKey jwk = new RSAKey.Builder((RSAPublicKey) own.getPublic()).build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(jwk)
                .jwkURL(URI.create("http://127.0.0.1:1/jwks"))
                .x509CertURL(URI.create("http://127.0.0.1:1/x5u"))
                .build();
        JwtAuthenticator byKey = byKey(Tokens.pem("PUBLIC KEY", RSA.getPublic().getEncoded()));

        assertThat(Shown.refused(
                        byKey,
                        token(Tokens.signed(
                                header,
                                new RSASSASigner(own.getPrivate()),
                                Tokens.claims().build()))))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(Shown.accepted(
                                byKey,
                                token(Tokens.signed(
                                        header,
                                        new RSASSASigner(RSA.getPrivate()),
                                        Tokens.claims().build())))
                        .username())
                .isEqualTo("pump-7");
    }

    @Test
    @DisplayName("that ask for something that must be understood are refused")
    void critical() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(java.util.Set.of("exp"))
                .customParam("exp", 1)
                .build();

        assertThat(Shown.refused(
                        bySecret(),
                        token(Tokens.signed(
                                header, new MACSigner(SECRET), Tokens.claims().build()))))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName(
            "[B14] [B17] are refused for another audience, after their end, before their begin, and without an end or a name")
    void claims() throws Exception {
        for (JWTClaimsSet.Builder bad : List.of(
                Tokens.claims().audience("other"),
                Tokens.claims().audience((String) null),
                Tokens.claims().expirationTime(null),
                Tokens.claims().expirationTime(Tokens.at(0)),
                Tokens.claims().expirationTime(Tokens.at(-3_600)),
                Tokens.claims().notBeforeTime(Tokens.at(3_600)),
                Tokens.claims().issueTime(Tokens.at(3_600)),
                Tokens.claims().subject(null),
                Tokens.claims().subject("pump\n7"))) {
            assertThat(Shown.refused(bySecret(), token(hmac("HS256", bad.build()))))
                    .as("%s", bad.build())
                    .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        }
        for (JWTClaimsSet.Builder good : List.of(
                Tokens.claims().notBeforeTime(Tokens.at(60)).issueTime(Tokens.at(60)),
                Tokens.claims().expirationTime(Tokens.at(1)),
                Tokens.claims().notBeforeTime(Tokens.at(-3_600)).issueTime(Tokens.at(-3_600)))) {
            assertThat(Shown.verdict(bySecret(), token(hmac("HS256", good.build()))))
                    .isInstanceOf(Verdict.Accepted.class);
        }
    }

    @Test
    @DisplayName("of another issuer, and passwords that are none, are left to the next authenticator")
    void notOurs() throws Exception {
        for (String other : List.of(
                hmac("HS256", Tokens.claims().issuer("https://other.example/").build()),
                hmac("HS256", Tokens.claims().issuer(null).build()),
                "secret",
                "a.b",
                "a.b.c.d.e",
                "")) {
            assertThat(Shown.verdict(bySecret(), token(other))).isInstanceOf(Verdict.Unknown.class);
        }
        assertThat(Shown.verdict(bySecret(), Shown.NOTHING)).isInstanceOf(Verdict.Unknown.class);
        for (String broken : List.of("a.b.c", "..", "eyJhbGciOiJIUzI1NiJ9..", "eyJhbGciOiJIUzI1NiJ9.W10.AA")) {
            assertThat(Shown.verdict(bySecret(), token(broken))).isNotInstanceOf(Verdict.Accepted.class);
        }
    }

    @Test
    @DisplayName(
            "give the device its roles, from a list, a text or a member of an object, and their short claims to access rules")
    void rolesAndClaims() throws Exception {
        JWTClaimsSet.Builder claims = Tokens.claims()
                .claim("site", "north")
                .claim("line", 4)
                .claim("long", "x".repeat(257))
                .claim("bad", "a\nb")
                .claim("groups", List.of("device", "viewer", 7, "bad\u0000"));

        Identity identity = Shown.accepted(bySecret(), token(hmac("HS256", claims.build())));
        assertThat(identity.roles()).containsExactlyInAnyOrder("fixed", "device", "viewer");
        assertThat(identity.attributes())
                .containsEntry("claim.site", "north")
                .containsEntry("claim.line", "4")
                .doesNotContainKeys("claim.long", "claim.bad", "claim.groups", "claim.exp");

        claims.claim("groups", "device, viewer  admin");
        assertThat(Shown.accepted(bySecret(), token(hmac("HS256", claims.build())))
                        .roles())
                .containsExactlyInAnyOrder("fixed", "device", "viewer", "admin");

        claims.claim("realm_access", Map.of("roles", List.of("inner")));
        JwtAuthenticator nested =
                JwtAuthenticator.open(settings(new Secret(SECRET), null, null, "realm_access.roles"), clock(), workers);
        assertThat(Shown.accepted(nested, token(hmac("HS256", claims.build()))).roles())
                .containsExactlyInAnyOrder("fixed", "inner");
    }

    @Test
    @DisplayName("are accepted under the Authentication Method JWT, and refused with 0x87; without one too")
    void method() throws Exception {
        JwtMethod method = new JwtMethod(List.of(bySecret()));
        String later =
                hmac("HS256", Tokens.claims().expirationTime(Tokens.at(900)).build());

        assertThat(outcome(method, Payload.ofText(later)))
                .isInstanceOfSatisfying(Outcome.Success.class, success -> assertThat(
                                success.identity().validUntilMillis())
                        .isEqualTo(Tokens.at(900).getTime()));
        for (Payload bad : Arrays.asList(
                null,
                Payload.EMPTY,
                Payload.ofText("a.b.c"),
                Payload.ofText(later + "x"),
                Payload.ofText("x".repeat(60_000)),
                Payload.ofText(hmac("HS256", Tokens.claims().issuer("other").build())))) {
            assertThat(outcome(method, bad))
                    .isInstanceOfSatisfying(Outcome.Failure.class, failure -> assertThat(failure.reasonCode())
                            .isEqualTo(ReasonCode.NOT_AUTHORIZED));
        }
    }

    @Test
    @DisplayName("are checked with a key that changes on disk")
    void keyChanges() throws Exception {
        Path file = directory.resolve("key.pem");
        JwtAuthenticator byKey = byKey(Tokens.pem("PUBLIC KEY", RSA.getPublic().getEncoded()));
        Files.writeString(file, Tokens.pem("PUBLIC KEY", EC.getPublic().getEncoded()));

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> Shown.verdict(byKey, token(ec(Tokens.claims().build()))) instanceof Verdict.Accepted);
    }

    @Test
    @DisplayName("[B21] [B23] need a key file that is right: a private key, a short one and something else are refused")
    void badKeyFiles() {
        assertThatThrownBy(
                        () -> byKey(Tokens.pem("PRIVATE KEY", RSA.getPrivate().getEncoded())))
                .hasMessageContaining("must be a public key, was a private one");
        assertThatThrownBy(() -> byKey(Tokens.pem(
                        "PUBLIC KEY", Tokens.keys("RSA", 1_024).getPublic().getEncoded())))
                .hasMessageContaining("an RSA key must have at least 2048 bits");
        assertThatThrownBy(() -> byKey("hello")).hasMessageContaining("must be a public key or a certificate in PEM");
        assertThatThrownBy(() -> byKey(Tokens.pem("PUBLIC KEY", new byte[9])))
                .hasMessageContaining("the key must be RSA, EC or Ed25519");
        assertThatThrownBy(() -> byJwks(new JWKSet())).hasMessageContaining("must have 1 to 100 public keys");
    }

    private static Outcome outcome(JwtMethod method, @Nullable Payload token) {
        return method.begin(Shown.NOTHING).next(token).toCompletableFuture().join();
    }

    private static io.gantry.api.security.Credentials token(String token) {
        return Shown.credentials("whoever", token);
    }

    private static String hmac(String algorithm, JWTClaimsSet claims) throws JOSEException {
        return Tokens.signed(JWSAlgorithm.parse(algorithm), null, new MACSigner(SECRET), claims);
    }

    private static String rsa(String algorithm, @Nullable String kid, JWTClaimsSet claims) {
        return Tokens.signed(JWSAlgorithm.parse(algorithm), kid, new RSASSASigner(RSA.getPrivate()), claims);
    }

    private static String ec(JWTClaimsSet claims) throws JOSEException {
        return Tokens.signed(JWSAlgorithm.ES256, null, new ECDSASigner((ECPrivateKey) EC.getPrivate()), claims);
    }

    private JwtAuthenticator bySecret() throws InvalidFileException {
        return JwtAuthenticator.open(settings(new Secret(SECRET), null, null, "groups"), clock(), workers);
    }

    private JwtAuthenticator byKey(String pem) throws InvalidFileException, IOException {
        Path file = Files.writeString(directory.resolve("key.pem"), pem);
        return JwtAuthenticator.open(settings(null, file, null, "groups"), clock(), workers);
    }

    private JwtAuthenticator byJwks(JWKSet keys) throws InvalidFileException, IOException {
        Path file = Files.writeString(directory.resolve("jwks.json"), keys.toString(false));
        return JwtAuthenticator.open(settings(null, null, file, "groups"), clock(), workers);
    }

    private static JwtSettings settings(
            @Nullable Secret secret, @Nullable Path key, @Nullable Path jwks, String roles) {
        return new JwtSettings(
                secret,
                key == null ? null : key.toString(),
                jwks == null ? null : jwks.toString(),
                null,
                Duration.ofMinutes(10),
                Duration.ofHours(6),
                Tokens.ISSUER,
                List.of("gantry"),
                "sub",
                roles,
                List.of("fixed"));
    }

    private static Clock clock() {
        return Clock.fixed(Tokens.NOW, ZoneOffset.UTC);
    }
}
