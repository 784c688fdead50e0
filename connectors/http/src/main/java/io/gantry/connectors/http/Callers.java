// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.security.CallerBans;
import io.gantry.api.settings.ListenAddress;
import java.net.InetAddress;
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
    /** For who is not let in, whatever he shows. */
    static final HttpAnswer BANNED = HttpAnswer.error(403, "the caller is on the ban list");

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+)(?::\\d{1,5})?");

    private final boolean onlyLoopbackNames;
    private final String scheme;
    private final CallerBans bans;
    private final byte @Nullable [] basic;
    private final byte @Nullable [] bearer;

    /** Why a request is refused, and how long its caller is not told so: longer each time for who guesses. */
    record Refusal(HttpAnswer answer, long waitMillis) {}

    Callers(HttpListen settings, CallerBans bans) {
        this.bans = bans;
        this.onlyLoopbackNames = !settings.asksForCredentials() && !settings.anonymous();
        this.scheme = settings.tls() == null ? "http://" : "https://";
        this.basic = settings.username() == null || settings.password() == null
                ? null
                : digest(settings.username() + ":" + settings.password().reveal());
        this.bearer = settings.token() == null ? null : digest(settings.token().reveal());
    }

    /** What speaks against a request. Who shows wrong credentials has failed to log in; who shows none is told to. */
    Optional<Refusal> refusal(InetAddress from, RequestHeaders headers) {
        String given = headers.only("authorization").orElse("");
        String username = username(given);
        if (bans.isBanned(from, username)) {
            return Optional.of(new Refusal(BANNED, 0));
        }
        Optional<HttpAnswer> foreign = foreign(headers);
        if (foreign.isPresent() || isLetIn(given)) {
            return foreign.map(answer -> new Refusal(answer, 0));
        }
        HttpAnswer who = HttpAnswer.error(401, "expected the credentials of this listener")
                .with("WWW-Authenticate", challenge());
        boolean guesses = !headers.values("authorization").isEmpty();
        return Optional.of(new Refusal(who, guesses ? bans.failed(from, username) : 0));
    }

    private Optional<HttpAnswer> foreign(RequestHeaders headers) {
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
        return isOwn
                ? Optional.empty()
                : Optional.of(HttpAnswer.error(403, "Origin is another site, and pages of others may not call"));
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private String challenge() {
        String ofBasic = "Basic realm=\"gantry\", charset=\"UTF-8\"";
        String ofBearer = "Bearer realm=\"gantry\"";
        return bearer == null ? ofBasic : basic == null ? ofBearer : ofBasic + ", " + ofBearer;
    }

    private boolean isLetIn(String given) {
        if (basic == null && bearer == null) {
            return true;
        }
        return switch (schemeOf(given)) {
            case "bearer" -> bearer != null && MessageDigest.isEqual(bearer, digest(valueOf(given)));
            case "basic" -> basic != null && MessageDigest.isEqual(basic, digest(userAndPassword(valueOf(given))));
            default -> false;
        };
    }

    /** The user name in what was given; null for none. */
    private static @Nullable String username(String given) {
        if (!schemeOf(given).equals("basic")) {
            return null;
        }
        String both = userAndPassword(valueOf(given));
        int colon = both.indexOf(':');
        return colon < 0 ? null : both.substring(0, colon);
    }

    private static String schemeOf(String given) {
        int blank = given.indexOf(' ');
        return blank < 0 ? "" : given.substring(0, blank).toLowerCase(Locale.ROOT);
    }

    private static String valueOf(String given) {
        return given.substring(given.indexOf(' ') + 1).strip();
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
