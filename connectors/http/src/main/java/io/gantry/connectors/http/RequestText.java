// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.PercentText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts of requests that came in. What is percent-encoded is decoded once, and must be UTF-8. */
final class RequestText {
    private static final int MOST_PARAMETERS = 64;

    private RequestText() {}

    /** The text without its percent-encoding; null when that is broken, or not UTF-8, or hides a control character. */
    static @Nullable String decoded(String text) {
        byte[] bytes = PercentText.decode(text);
        return bytes == null ? null : utf8(ByteBuffer.wrap(bytes));
    }

    private static @Nullable String utf8(ByteBuffer bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return text.chars().anyMatch(Character::isISOControl) ? null : text;
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** A header's value as it stands, whose bytes are UTF-8; null when they are not, or one is a control character but a tab. */
    static @Nullable String header(String value) {
        return utf8(ByteBuffer.wrap(value.replace('\t', ' ').getBytes(StandardCharsets.ISO_8859_1)));
    }

    /**
     * The segments of a path, decoded; null when one cannot be, or is {@code .} or {@code ..}, which others on the way
     * may read as a way up.
     */
    static @Nullable List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String part : path.substring(1).split("/", -1)) {
            String segment = UrlText.isPathText(part) ? decoded(part) : null;
            if (segment == null || segment.equals(".") || segment.equals("..")) {
                return null;
            }
            segments.add(segment);
        }
        return segments;
    }

    /** A query's names and values in their order; null when it is broken, or has more than 64. */
    static @Nullable List<UserProperty> query(@Nullable String query) {
        List<UserProperty> parameters = new ArrayList<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&", MOST_PARAMETERS + 1)) {
            int equals = pair.indexOf('=');
            String name = decoded((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
            String value = decoded((equals < 0 ? "" : pair.substring(equals + 1)).replace('+', ' '));
            if (name == null || value == null || parameters.size() == MOST_PARAMETERS) {
                return null;
            }
            parameters.add(new UserProperty(name, value));
        }
        return parameters;
    }
}
