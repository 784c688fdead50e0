// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.connectors.spi.PercentText;
import java.util.Objects;
import java.util.regex.Pattern;

/** Any text as the value of a header, and back: what is not visible ASCII is percent-encoded, as is % itself. */
final class AsciiText {
    private static final Pattern STRAY = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private AsciiText() {}

    static String encode(String text) {
        return PercentText.encode(text, c -> c > ' ' && c < 0x7F);
    }

    /** What was encoded; a % that is not followed by two digits stands for itself. */
    static String decode(String text) {
        String octets =
                STRAY.matcher(new String(text.getBytes(UTF_8), ISO_8859_1)).replaceAll("%25");
        return new String(Objects.requireNonNull(PercentText.decode(octets)), UTF_8);
    }
}
