// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.ReasonCode;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/** The headers of a request: their names are those of the YAML, in its order. */
final class HeaderChoice {
    private static final int LONGEST_VALUE = 8_192;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,255}");

    /** They frame the request, belong to the connection, or have a key of their own. */
    private static final Set<String> NOT_HERE = Set.of(
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "host",
            "idempotency-key",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final List<Named> headers;

    HeaderChoice(Map<String, Template> headers) {
        this.headers = headers.entrySet().stream()
                .map(header -> new Named(header.getKey(), header.getValue()))
                .toList();
    }

    private record Named(String name, Template value) {}

    /** Refuses what a route may not set. */
    static void check(Map<String, Template> headers, HttpTo.Compression compression) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                throw new InvalidSettingException("headers", "must have names of HTTP headers, was '" + name + "'");
            }
            if (NOT_HERE.contains(lower)
                    || lower.startsWith("camel")
                    || lower.startsWith("mqtt-")
                    || lower.equals(Hops.NAME)
                    || (lower.equals("content-encoding") && compression != HttpTo.Compression.NONE)) {
                throw new InvalidSettingException(
                        "headers",
                        "must not have '" + name + "': the gateway sets it, or a"
                                + " key of its own does, or it is not part of the message");
            }
            if (!names.add(name)) {
                throw new InvalidSettingException("headers", "has '" + name + "' twice in different case");
            }
            if (!value.fixedTexts().stream().allMatch(HeaderChoice::isLegal)) {
                throw new InvalidSettingException(
                        "headers", "must have values of visible ASCII characters and blanks, '" + name + "' has not");
            }
        });
    }

    List<Header> of(Values values) throws RejectedMessageException {
        List<Header> filledIn = new ArrayList<>(headers.size() + 2);
        for (Named header : headers) {
            String value = header.value.render(values);
            if (value != null && !isLegal(value)) {
                throw new RejectedMessageException(
                        ReasonCode.TOPIC_NAME_INVALID, "the route cannot make an HTTP header out of this message");
            }
            if (value != null) {
                filledIn.add(new BasicHeader(header.name, value));
            }
        }
        return filledIn;
    }

    /** No line break and no NUL, or else a value could end its header; and nothing whose reading depends on the server. */
    private static boolean isLegal(String value) {
        return value.length() <= LONGEST_VALUE && value.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }
}
