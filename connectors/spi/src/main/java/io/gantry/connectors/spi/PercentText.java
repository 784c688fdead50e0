// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Any text in fewer characters of ASCII: each byte of its UTF-8 that may not stand as it is becomes % and two digits. */
public final class PercentText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentText() {}

    /**
     * Encodes; different texts stay different.
     *
     * @param plain the characters of ASCII that may stand as they are, of which % is never one
     */
    public static String encode(String text, IntPredicate plain) {
        if (text.chars().allMatch(c -> isPlain(c, plain))) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(octet, plain)) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(int c, IntPredicate plain) {
        return c >= 0 && c < 0x80 && c != '%' && plain.test(c);
    }

    /**
     * The bytes of what was encoded.
     *
     * @param octets each character a byte
     * @return null when a % is not followed by two digits, or a character is no byte
     */
    public static byte @Nullable [] decode(String octets) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '%' && startsWithDigits(octets, i + 1)) {
                decoded.write(HexFormat.fromHexDigits(octets, i + 1, i + 3));
                i += 2;
            } else if (c == '%' || c > 0xFF) {
                return null;
            } else {
                decoded.write(c);
            }
        }
        return decoded.toByteArray();
    }

    private static boolean startsWithDigits(String octets, int at) {
        return at + 1 < octets.length()
                && HexFormat.isHexDigit(octets.charAt(at))
                && HexFormat.isHexDigit(octets.charAt(at + 1));
    }
}
