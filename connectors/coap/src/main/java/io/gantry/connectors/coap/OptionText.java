// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Texts in the options of CoAP, which take any byte (RFC 7252 §5.10). */
final class OptionText {
    /** Most bytes of a segment of a path and of a query. */
    static final int LONGEST = 255;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private OptionText() {}

    /** Whether a fixed text needs no encoding wherever it stands, and so is equal to no encoded value. */
    static boolean isPlain(String text) {
        return text.chars().noneMatch(c -> isControl(c) || c == '/' || c == '&' || c == '%' || c == '#' || c == '?');
    }

    /** Whether a text may be a segment: none and dots have a meaning of their own in paths. */
    static boolean isSegment(String text) {
        return !text.isEmpty() && !text.equals(".") && !text.equals("..") && fits(text);
    }

    /** Whether an option can hold the text. */
    static boolean fits(String text) {
        return text.length() <= LONGEST && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    /**
     * A value within a segment or a query. Servers put the options together with {@code /} and {@code &}, so these become
     * % and two digits, as do % itself and control characters. Different values stay different.
     */
    static String encode(String value) {
        if (isPlain(value)) {
            return value;
        }
        StringBuilder encoded = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPlain(String.valueOf(c))) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        return encoded.toString();
    }

    private static boolean isControl(int c) {
        return c < ' ' || c == 0x7F;
    }
}
