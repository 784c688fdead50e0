// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request that came in, their names in lower case.
 *
 * @param all in their order
 */
record RequestHeaders(List<UserProperty> all) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,255}");
    private static final String OF_MQTT = "mqtt-";

    /** What proves who called is nobody else's business: messages are stored, and shown to operators. */
    private static final Set<String> SECRETS = Set.of("authorization", "cookie", "proxy-authorization");

    RequestHeaders {
        all = List.copyOf(all);
    }

    /**
     * What the server has read.
     *
     * @return null when a name is no name, or a value not UTF-8
     */
    static @Nullable RequestHeaders of(Iterable<Map.Entry<String, String>> read) {
        List<UserProperty> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : read) {
            String value = RequestText.header(header.getValue());
            if (value == null || !isName(header.getKey())) {
                return null;
            }
            headers.add(new UserProperty(header.getKey().toLowerCase(Locale.ROOT), value));
        }
        return new RequestHeaders(headers);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    static boolean isSecret(String name) {
        return SECRETS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The values of a header. */
    List<String> values(String name) {
        return all.stream()
                .filter(header -> header.name().equals(name))
                .map(UserProperty::value)
                .toList();
    }

    /** The value of a header; empty when there is none, or more than one. */
    Optional<String> only(String name) {
        List<String> values = values(name);
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    /** What a message keeps of them: no secrets, and nothing that could be taken for a part of the path or of the query. */
    List<UserProperty> ofMessage() {
        return all.stream()
                .filter(header -> !SECRETS.contains(header.name())
                        && !header.name().startsWith("path.")
                        && !header.name().startsWith("query."))
                .toList();
    }

    /**
     * What {@link io.gantry.connectors.spi.MessageHeaders} reads: the values of {@code mqtt-…} and of the hop mark,
     * without their percent-encoding, and the others as they are, joined by commas.
     */
    Map<String, String> forMqtt() throws RejectedMessageException {
        Map<String, String> joined = new HashMap<>();
        for (UserProperty header : all) {
            boolean isOurs = header.name().startsWith(OF_MQTT) || header.name().equals(Hops.NAME);
            String value = isOurs ? RequestText.decoded(header.value()) : header.value();
            String before = value == null ? null : joined.putIfAbsent(header.name(), value);
            if (value == null || (isOurs && before != null)) {
                throw new RejectedMessageException(
                        ReasonCode.PAYLOAD_FORMAT_INVALID, "a header of MQTT is there twice, or not percent-encoded");
            }
            if (before != null) {
                joined.put(header.name(), before + ", " + value);
            }
        }
        return joined;
    }
}
