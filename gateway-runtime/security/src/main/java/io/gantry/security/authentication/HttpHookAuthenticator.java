// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.security.HttpHookSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks a server of the operator's about everybody. */
public final class HttpHookAuthenticator implements Authenticator {
    private static final Verdict UNKNOWN = new Verdict.Unknown();
    private static final Verdict DENIED = new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "the server has denied it");
    private static final Verdict NO_TEXT =
            new Verdict.Refused(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "the password is not text in UTF-8");

    private final HttpHookSettings settings;
    private final HttpCalls calls;
    private final CachedAnswers answers;

    private HttpHookAuthenticator(HttpHookSettings settings, HttpCalls calls, Clock clock) {
        this.settings = settings;
        this.calls = calls;
        this.answers = new CachedAnswers(settings.cache(), clock);
    }

    /**
     * Asks nobody yet.
     *
     * @throws InvalidFileException when the file of authorities cannot be used
     */
    public static HttpHookAuthenticator open(HttpHookSettings settings, Clock clock, Workers workers)
            throws InvalidFileException {
        HttpCalls calls = workers.closing(HttpCalls.open(settings.ca(), settings.timeout()));
        return new HttpHookAuthenticator(settings, calls, clock);
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
        String question;
        try {
            question = question(credentials);
        } catch (CharacterCodingException malformed) {
            return CompletableFuture.completedFuture(NO_TEXT);
        }
        return answers.get(question, () -> calls.send(request(question))
                .thenApply(answer -> verdict(answer, credentials.username())));
    }

    private static String question(Credentials credentials) throws CharacterCodingException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("clientId", credentials.clientId().value());
        members.put("address", credentials.address().getHostAddress());
        if (credentials.username() != null) {
            members.put("username", credentials.username());
        }
        Payload password = credentials.password();
        if (password != null) {
            members.put(
                    "password",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(password.sharedBytes()))
                            .toString());
        }
        if (!credentials.certificates().isEmpty()) {
            members.put(
                    "certificate",
                    credentials.certificates().get(0).getSubjectX500Principal().getName());
        }
        return JSONObjectUtils.toJSONString(members);
    }

    private HttpRequest request(String question) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url()))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question));
        if (settings.token() != null) {
            request.header("Authorization", "Bearer " + settings.token().reveal());
        }
        return request.build();
    }

    private Verdict verdict(HttpCalls.Answer answer, @Nullable String username) {
        return switch (answer.status()) {
            case 200 -> verdict(JsonAnswer.of(answer), username);
            case 204 -> UNKNOWN;
            case 401, 403 -> DENIED;
            default -> throw JsonAnswer.failed(answer);
        };
    }

    private Verdict verdict(Map<String, Object> members, @Nullable String username) {
        Object result = members.get("result");
        if ("allow".equals(result)) {
            return allowed(members, username);
        }
        if ("deny".equals(result)) {
            return DENIED;
        }
        if ("ignore".equals(result)) {
            return UNKNOWN;
        }
        throw new CompletionException(new IOException("the result must be allow, deny or ignore"));
    }

    private Verdict allowed(Map<String, Object> members, @Nullable String username) {
        Object name = members.getOrDefault("username", username);
        if (name != null && !(name instanceof String text && (Names.isFit(text) || text.equals(username)))) {
            throw new CompletionException(new IOException("the username must be a text that can be seen"));
        }
        return new Verdict.Accepted(new Identity(
                (String) name,
                JwtClaims.roles(settings.role(), "roles", members),
                attributes(members.get("attributes")),
                Identity.WITHOUT_END));
    }

    private static Map<String, String> attributes(@Nullable Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> {
                if (name instanceof String text && each != null) {
                    members.put(text, each);
                }
            });
        }
        return JwtClaims.scalars(members);
    }
}
