// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jwt.JWTClaimsSet;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Identity;
import io.gantry.security.JwtSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the claims of a token, whose signature is right, say about who shows it. */
final class JwtClaims {
    /** By how much the clock of who issues tokens may be ahead. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final int MOST_ROLES = 256;
    private static final int MOST_ATTRIBUTES = 32;
    private static final int ATTRIBUTE_CHARACTERS = 256;
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final JwtSettings settings;
    private final Clock clock;

    JwtClaims(JwtSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether a token is one that this authenticator is to judge. */
    boolean isOurs(JWTClaimsSet claims) {
        return settings.issuer().equals(claims.getIssuer());
    }

    Verdict judge(JWTClaimsSet claims) {
        Date end = claims.getExpirationTime();
        long now = clock.millis();
        if (end == null) {
            return refused("the token does not say when it ends");
        }
        if (end.getTime() <= now) {
            return refused("the token has ended");
        }
        if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
            return refused("the token is not valid yet");
        }
        if (claims.getAudience().stream().noneMatch(settings.audience()::contains)) {
            return refused("the token is for another audience");
        }
        if (!(claims.getClaim(settings.username()) instanceof String name) || !Names.isFit(name)) {
            return refused("the token has no name that can be used");
        }
        return new Verdict.Accepted(new Identity(
                name,
                roles(settings.role(), settings.roles(), claims.getClaims()),
                scalars(claims.getClaims()),
                end.getTime()));
    }

    private static Verdict refused(String reason) {
        return new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, reason);
    }

    private static boolean isLater(@Nullable Date begin, long now) {
        return begin != null && begin.getTime() > now + SKEW.toMillis();
    }

    /**
     * Those for everybody, and those of a claim.
     *
     * @param path of the claim; null for none
     */
    static Set<String> roles(List<String> fixed, @Nullable String path, Map<String, Object> claims) {
        Set<String> roles = new HashSet<>(fixed);
        if (path != null) {
            names(claim(claims, path)).stream()
                    .filter(Names::isFit)
                    .limit(MOST_ROLES)
                    .forEach(roles::add);
        }
        return roles;
    }

    /** The claim of that very name, or the member that the parts between dots lead to. */
    private static @Nullable Object claim(Map<?, ?> claims, String path) {
        Object whole = claims.get(path);
        int dot = path.indexOf('.');
        if (whole != null || dot < 0) {
            return whole;
        }
        return claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? claim(inner, path.substring(dot + 1))
                : null;
    }

    /** Of a list, or of a text with blanks or commas between them. */
    static List<String> names(@Nullable Object value) {
        if (value instanceof String text) {
            return Arrays.stream(text.split("[ ,]+"))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
        return value instanceof Collection<?> items
                ? items.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    /** What access rules may name as {@code claim.NAME}: texts, numbers and truth values that are not long. */
    static Map<String, String> scalars(Map<String, Object> claims) {
        Map<String, String> attributes = new HashMap<>();
        for (Map.Entry<String, Object> claim : claims.entrySet()) {
            Object value = claim.getValue();
            boolean isScalar = value instanceof String || value instanceof Number || value instanceof Boolean;
            String text = String.valueOf(value);
            if (isScalar
                    && attributes.size() < MOST_ATTRIBUTES
                    && text.length() <= ATTRIBUTE_CHARACTERS
                    && Names.isFit(text)
                    && ATTRIBUTE.matcher(claim.getKey()).matches()) {
                attributes.put("claim." + claim.getKey(), text);
            }
        }
        return attributes;
    }
}
