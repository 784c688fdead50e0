// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.security.JwtSettings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Signed tokens. A token says by which of our keys it was signed, and nothing else about keys: what it says in {@code jku},
 * {@code x5u}, {@code x5c} and {@code jwk} is not looked at.
 */
public final class JwtAuthenticator implements Authenticator {
    /** Some 30,000 years. */
    private static final double MOST_SECONDS = 1e12;

    private static final Verdict UNKNOWN = new Verdict.Unknown();
    private static final Verdict TOO_LONG = refused("the token has more than 4096 bytes");
    private static final Verdict MALFORMED = refused("the token cannot be read");
    private static final Verdict CRITICAL = refused("the token asks for something that is not known");
    private static final Verdict NO_KEY = refused("the token's key or algorithm is not one of ours");
    private static final Verdict FORGED = refused("the token's signature is wrong");
    private static final Verdict BUSY =
            new Verdict.Refused(ReasonCode.SERVER_BUSY, "too many tokens are being checked at the same time");

    private final KeySource keys;
    private final JwtClaims claims;
    private final Workers workers;

    private JwtAuthenticator(KeySource keys, JwtClaims claims, Workers workers) {
        this.keys = keys;
        this.claims = claims;
        this.workers = workers;
    }

    /**
     * Reads the file of keys; a URL is asked later, and until it has answered all tokens are refused.
     *
     * @throws InvalidFileException when a file cannot be read, or holds something else
     */
    public static JwtAuthenticator open(JwtSettings settings, Clock clock, Workers workers)
            throws InvalidFileException {
        return new JwtAuthenticator(source(settings, workers), new JwtClaims(settings, clock), workers);
    }

    private static KeySource source(JwtSettings settings, Workers workers) throws InvalidFileException {
        if (settings.secret() != null) {
            byte[] secret = settings.secret().reveal().getBytes(StandardCharsets.UTF_8);
            return KeySource.of(new VerificationKeys(List.of(VerificationKey.ofSecret(secret))));
        }
        if (settings.jwksUrl() != null) {
            return JwksEndpoint.open(settings, settings.jwksUrl(), workers);
        }
        WatchedFile<VerificationKeys> file = settings.key() != null
                ? WatchedFile.open(settings.key(), VerificationKeys::ofPem)
                : WatchedFile.open(String.valueOf(settings.jwks()), VerificationKeys::ofJwks);
        workers.watch(file);
        return KeySource.of(file);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
        Payload password = credentials.password();
        return password == null || !hasThreeParts(password)
                ? CompletableFuture.completedFuture(UNKNOWN)
                : judge(password);
    }

    private static boolean hasThreeParts(Payload password) {
        int dots = 0;
        for (byte each : password.sharedBytes()) {
            dots += each == '.' ? 1 : 0;
        }
        return dots == 2;
    }

    /** Judges a token; unknown is one of another issuer. */
    CompletionStage<Verdict> judge(Payload token) {
        if (token.size() > AuthenticatorChain.PASSWORD_BYTES) {
            return CompletableFuture.completedFuture(TOO_LONG);
        }
        if (!isPlain(token)) {
            return CompletableFuture.completedFuture(MALFORMED);
        }
        SignedJWT jwt;
        @Nullable JWTClaimsSet said;
        try {
            jwt = SignedJWT.parse(new String(token.sharedBytes(), StandardCharsets.ISO_8859_1));
            Map<String, Object> members = jwt.getPayload().toJSONObject();
            said = members == null || hasNoTime(members) ? null : JWTClaimsSet.parse(members);
        } catch (ParseException | RuntimeException malformed) {
            return CompletableFuture.completedFuture(MALFORMED);
        }
        JWSHeader header = jwt.getHeader();
        if (said == null
                || (header.getCriticalParams() != null
                        && !header.getCriticalParams().isEmpty())) {
            return CompletableFuture.completedFuture(said == null ? MALFORMED : CRITICAL);
        }
        if (!claims.isOurs(said)) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        return keys.fitting(header)
                .thenCompose(fitting -> fitting.isEmpty()
                        ? CompletableFuture.completedFuture(NO_KEY)
                        : workers.run(() -> isSigned(jwt, fitting) ? claims.judge(said) : FORGED, BUSY));
    }

    /** A number of seconds beyond what the parser can count is made another time by it, perhaps one that is over. */
    private static boolean hasNoTime(Map<String, Object> members) {
        return Stream.of("exp", "nbf", "iat")
                .map(members::get)
                .anyMatch(time -> time instanceof Number seconds && Math.abs(seconds.doubleValue()) > MOST_SECONDS);
    }

    /** What the parser would cut off or skip is no part of a token. */
    private static boolean isPlain(Payload token) {
        for (byte each : token.sharedBytes()) {
            boolean plain = (each >= 'a' && each <= 'z')
                    || (each >= 'A' && each <= 'Z')
                    || (each >= '0' && each <= '9')
                    || each == '-'
                    || each == '_'
                    || each == '.';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSigned(SignedJWT jwt, List<VerificationKey> fitting) {
        return fitting.stream().anyMatch(key -> {
            try {
                return key.check().passes(jwt.getHeader(), jwt.getSigningInput(), jwt.getSignature());
            } catch (JOSEException | GeneralSecurityException malformed) {
                return false;
            }
        });
    }

    private static Verdict refused(String reason) {
        return new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, reason);
    }
}
