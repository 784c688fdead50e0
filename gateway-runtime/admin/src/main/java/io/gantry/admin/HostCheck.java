// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.settings.ListenAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keeps web pages out: a page that makes its own name point to this machine (DNS rebinding) is told apart by Host, one that
 * calls across sites by Origin or by the content type.
 */
final class HostCheck {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+)(?::\\d{1,5})?");

    private final Set<String> names;
    private final String scheme;

    /**
     * For one port.
     *
     * @param names by which it may be called, beside the address that a connection reached
     */
    HostCheck(List<String> names, boolean isEncrypted) {
        this.names = names.stream().map(HostCheck::plain).collect(Collectors.toUnmodifiableSet());
        this.scheme = isEncrypted ? "https://" : "http://";
    }

    /**
     * What speaks against a request.
     *
     * @param hosts all headers of that name
     * @param origins all headers of that name
     * @param reached the address of this machine to which the connection was made
     */
    Optional<Answer> refusal(List<String> hosts, List<String> origins, InetAddress reached) {
        if (hosts.size() != 1) {
            return Optional.of(Answer.error(400, "expected one Host header, found " + hosts.size()));
        }
        String host = hosts.get(0);
        if (!isOurs(host, reached)) {
            return Optional.of(
                    Answer.error(
                            403,
                            reached.isLoopbackAddress()
                                    ? "Host is not this machine: expected a loopback name or address such as 127.0.0.1"
                                    : "Host is not this machine: expected the address that was called, or a name of admin.hosts"));
        }
        boolean isOwn = origins.stream().allMatch(origin -> origin.equalsIgnoreCase(scheme + host));
        return isOwn
                ? Optional.empty()
                : Optional.of(Answer.error(403, "Origin is another site, and pages of others may not call"));
    }

    /** Whether the body of a change is said to be JSON: a page can send that across sites only after asking, which is refused. */
    static boolean isJson(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT).replace(" ", "");
        return type.equals(Answer.JSON) || type.equals(Answer.JSON + ";charset=utf-8");
    }

    private boolean isOurs(String host, InetAddress reached) {
        Matcher form = HOST.matcher(host);
        if (!form.matches()) {
            return false;
        }
        String name = plain(form.group(1));
        return names.contains(name)
                || (reached.isLoopbackAddress() && ListenAddress.isLoopback(name))
                || reached.equals(ListenAddress.literal(name));
    }

    private static String plain(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return bare.toLowerCase(Locale.ROOT);
    }
}
