// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jwt.JWTClaimsSet;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.security.IntrospectionSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Asks the server that has issued a token whether it is active [RFC 7662]. */
public final class IntrospectionAuthenticator implements Authenticator {
    private static final Verdict UNKNOWN = new Verdict.Unknown();

    private final IntrospectionSettings settings;
    private final HttpCalls calls;
    private final CachedAnswers answers;
    private final Clock clock;
    private final String authorization;

    private IntrospectionAuthenticator(IntrospectionSettings settings, HttpCalls calls, Clock clock) {
        this.settings = settings;
        this.calls = calls;
        this.clock = clock;
        this.answers = new CachedAnswers(settings.cache(), clock);
        String client = encoded(settings.clientId()) + ":"
                + encoded(settings.clientSecret().reveal());
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(client.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Asks nobody yet.
     *
     * @throws InvalidFileException when the file of authorities cannot be used
     */
    public static IntrospectionAuthenticator open(IntrospectionSettings settings, Clock clock, Workers workers)
            throws InvalidFileException {
        HttpCalls calls = workers.closing(HttpCalls.open(settings.ca(), settings.timeout()));
        return new IntrospectionAuthenticator(settings, calls, clock);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
        Payload password = credentials.password();
        if (password == null || password.isEmpty() || !isVisible(password)) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        String token = password.asText();
        return answers.get(token, () -> calls.send(request(token)).thenApply(this::verdict));
    }

    /** Tokens are visible ASCII characters [RFC 6749 §A.12]. */
    private static boolean isVisible(Payload password) {
        for (byte each : password.sharedBytes()) {
            if (each <= 0x20 || each == 0x7F) {
                return false;
            }
        }
        return true;
    }

    private HttpRequest request(String token) {
        return HttpRequest.newBuilder(URI.create(settings.url()))
                .header("Authorization", authorization)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + encoded(token) + "&token_type_hint=access_token"))
                .build();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Verdict verdict(HttpCalls.Answer answer) {
        if (answer.status() != 200) {
            throw JsonAnswer.failed(answer);
        }
        Map<String, Object> members = JsonAnswer.of(answer);
        if (!(members.get("active") instanceof Boolean active)) {
            throw new CompletionException(new IOException("does not say whether the token is active"));
        }
        try {
            return active ? judge(JWTClaimsSet.parse(members)) : UNKNOWN;
        } catch (ParseException malformed) {
            throw new CompletionException(malformed);
        }
    }

    private Verdict judge(JWTClaimsSet said) {
        Date end = said.getExpirationTime();
        if (end != null && end.getTime() <= clock.millis()) {
            return refused("the token has ended");
        }
        if (!settings.audience().isEmpty() && said.getAudience().stream().noneMatch(settings.audience()::contains)) {
            return refused("the token is for another audience");
        }
        if (!(said.getClaim(settings.username()) instanceof String name) || !Names.isFit(name)) {
            return refused("the token has no name that can be used");
        }
        return new Verdict.Accepted(new Identity(
                name,
                JwtClaims.roles(settings.role(), settings.roles(), said.getClaims()),
                JwtClaims.scalars(said.getClaims()),
                end == null ? Identity.WITHOUT_END : end.getTime()));
    }

    private static Verdict refused(String reason) {
        return new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, reason);
    }
}
