// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in the content-type field of AMQP, and which content is text. The field is a symbol, of which the
 * client library keeps each one it has seen for as long as the process lives: so devices may only make so many.
 */
final class ContentTypes {
    /** What Qpid says of any bytes: nothing. */
    static final String BYTES = "application/octet-stream";

    private static final int MOST = 1_000;

    /** At this name readers deserialise Java objects out of what a device has sent. */
    private static final String JAVA_OBJECT = "application/x-java-serialized-object";

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,60}/[\\x21-\\x7E][\\x20-\\x7E]{0,60}");
    private static final Pattern TEXT = Pattern.compile("text/.*|application/(?:.*\\+)?(?:json|xml)");
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private ContentTypes() {}

    /** What is to be sent for a payload. */
    static PreparedMessage.Body body(Payload payload, @Nullable String contentType, @Nullable PayloadFormat format) {
        boolean text = (format == PayloadFormat.TEXT || contentType != null && isText(contentType)) && isUtf8(payload);
        return new PreparedMessage.Body(payload, contentType == null ? null : field(contentType), text);
    }

    /** The value for the field; null when it must stay empty. */
    private static @Nullable String field(String contentType) {
        if (!LEGAL.matcher(contentType).matches()
                || contentType.toLowerCase(Locale.ROOT).startsWith(JAVA_OBJECT)) {
            return null;
        }
        if (!SEEN.contains(contentType)) {
            if (SEEN.size() >= MOST) {
                return null;
            }
            SEEN.add(contentType);
        }
        return contentType;
    }

    /** Text in another encoding than UTF-8 is left as the bytes it is. */
    private static boolean isText(String contentType) {
        String lower = contentType.toLowerCase(Locale.ROOT);
        int semicolon = lower.indexOf(';');
        String type = (semicolon < 0 ? lower : lower.substring(0, semicolon)).strip();
        int charset = lower.indexOf("charset=");
        return TEXT.matcher(type).matches()
                && (charset < 0
                        || lower.startsWith("utf-8", charset + 8)
                        || lower.startsWith("\"utf-8\"", charset + 8));
    }

    private static boolean isUtf8(Payload payload) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(payload.sharedBytes()));
            return true;
        } catch (CharacterCodingException otherBytes) {
            return false;
        }
    }
}
