// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps web pages out of a port that asks for no password: a page that makes its own name point to this machine (DNS
 * rebinding) is told apart by Host, one that calls across sites by Origin or by the content type.
 */
final class HostCheck {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:/@\\s]+)(?::\\d{1,5})?");

    private HostCheck() {}

    /**
     * What speaks against a request.
     *
     * @param hosts all headers of that name
     * @param origins all headers of that name
     */
    static Optional<Answer> refusal(List<String> hosts, List<String> origins) {
        if (hosts.size() != 1) {
            return Optional.of(Answer.error(400, "expected one Host header, found " + hosts.size()));
        }
        String host = hosts.get(0);
        if (!isLoopback(host)) {
            return Optional.of(Answer.error(
                    403, "Host is not this machine: expected a loopback name or address such as 127.0.0.1"));
        }
        boolean isOwn = origins.stream().allMatch(origin -> origin.equalsIgnoreCase("http://" + host));
        return isOwn
                ? Optional.empty()
                : Optional.of(Answer.error(403, "Origin is another site, and pages of others may not call"));
    }

    /** Whether the body of a change is said to be JSON: a page can send that across sites only after asking, which is refused. */
    static boolean isJson(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT).replace(" ", "");
        return type.equals(Answer.JSON) || type.equals(Answer.JSON + ";charset=utf-8");
    }

    private static boolean isLoopback(String host) {
        Matcher form = HOST.matcher(host);
        if (!form.matches()) {
            return false;
        }
        String name = form.group(1);
        return AdminAddress.isLoopback(name.startsWith("[") ? name.substring(1, name.length() - 1) : name);
    }
}
