// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.settings.ListenAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may call. Where nobody must say who they are, pages in a browser on this machine are kept out all the same: one
 * that makes its own name point here (DNS rebinding) is told apart by Host, one that calls across sites by Origin.
 */
final class Callers {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+)(?::\\d{1,5})?");

    private final boolean onlyLoopbackNames;
    private final String scheme;
    private final @Nullable String username;
    private final byte @Nullable [] basic;
    private final byte @Nullable [] bearer;

    Callers(HttpListen settings) {
        this.onlyLoopbackNames = !settings.asksForCredentials() && !settings.anonymous();
        this.scheme = settings.tls() == null ? "http://" : "https://";
        this.username = settings.username();
        this.basic = settings.username() == null || settings.password() == null
                ? null
                : digest(settings.username() + ":" + settings.password().reveal());
        this.bearer = settings.token() == null ? null : digest(settings.token().reveal());
    }

    /** The user name of those who gave one; null when a token, or nothing, is asked for. */
    @Nullable String username() {
        return username;
    }

    /** What speaks against a request. */
    Optional<HttpAnswer> refusal(RequestHeaders headers) {
        List<String> hosts = headers.values("host");
        Matcher host = HOST.matcher(hosts.size() == 1 ? hosts.get(0) : "");
        if (!host.matches()) {
            return Optional.of(HttpAnswer.error(400, "expected one Host header"));
        }
        if (onlyLoopbackNames && !ListenAddress.isLoopback(bare(host.group(1)))) {
            return Optional.of(HttpAnswer.error(403, "Host is not this machine: expected a loopback name or address"));
        }
        boolean isOwn =
                headers.values("origin").stream().allMatch(origin -> origin.equalsIgnoreCase(scheme + hosts.get(0)));
        if (!isOwn) {
            return Optional.of(HttpAnswer.error(403, "Origin is another site, and pages of others may not call"));
        }
        return isLetIn(headers)
                ? Optional.empty()
                : Optional.of(HttpAnswer.error(401, "expected the credentials of this listener")
                        .with("WWW-Authenticate", challenge()));
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private String challenge() {
        String ofBasic = "Basic realm=\"gantry\", charset=\"UTF-8\"";
        String ofBearer = "Bearer realm=\"gantry\"";
        return bearer == null ? ofBasic : basic == null ? ofBearer : ofBasic + ", " + ofBearer;
    }

    private boolean isLetIn(RequestHeaders headers) {
        if (basic == null && bearer == null) {
            return true;
        }
        String given = headers.only("authorization").orElse("");
        int blank = given.indexOf(' ');
        String scheme = blank < 0 ? "" : given.substring(0, blank).toLowerCase(Locale.ROOT);
        String value = given.substring(blank + 1).strip();
        return switch (scheme) {
            case "bearer" -> bearer != null && MessageDigest.isEqual(bearer, digest(value));
            case "basic" -> basic != null && MessageDigest.isEqual(basic, digest(userAndPassword(value)));
            default -> false;
        };
    }

    private static String userAndPassword(String encoded) {
        try {
            return new String(Base64.getDecoder().decode(encoded), UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    /** What is compared has one length, whatever was given. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException bug) {
            throw new IllegalStateException("every Java has it", bug);
        }
    }
}
