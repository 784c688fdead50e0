// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

/** What may stand in a UTF-8 Encoded String of MQTT [5.0 §1.5.4]. */
final class Texts {
    /** Bytes of UTF-8. */
    static final int LONGEST = 65_535;

    private Texts() {}

    /** As {@link #isWellFormed}, and without control characters. */
    static boolean isPlain(String text) {
        return isWellFormed(text) && text.chars().noneMatch(Character::isISOControl);
    }

    /** Short enough, no lone surrogate, no U+0000. */
    static boolean isWellFormed(String text) {
        int length = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (c == 0 || (c >= 0xD800 && c <= 0xDFFF)) {
                return false;
            }
            length += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        return length <= LONGEST;
    }
}
