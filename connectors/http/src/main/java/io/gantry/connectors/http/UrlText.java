// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.connectors.spi.PercentText;
import java.util.regex.Pattern;

/** The characters of URLs (RFC 3986). */
final class UrlText {
    private static final Pattern PATH = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*+");

    private UrlText() {}

    /** Whether a fixed text may stand within a segment of a path. */
    static boolean isPathText(String text) {
        return PATH.matcher(text).matches();
    }

    /**
     * A value as part of a segment or of a query: each byte of its UTF-8 other than a letter, a digit, {@code -},
     * {@code .}, {@code _} and {@code ~} becomes % and two digits. Different values stay different.
     */
    static String encode(String value) {
        return PercentText.encode(value, UrlText::isUnreserved);
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
