// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

/**
 * Text that a device or a target made, for somebody's terminal: on one line, and with every character that would not be
 * seen, or would act on the terminal or on the order of the others, written as its number.
 */
final class Visible {
    private Visible() {}

    /** The whole text. */
    static String of(String text) {
        return of(text, Integer.MAX_VALUE);
    }

    /**
     * The text or its beginning.
     *
     * @param most characters; what is longer ends with {@code …}
     */
    static String of(String text, int most) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(most).forEach(c -> append(shown, c));
        return text.codePointCount(0, text.length()) > most ? shown + "…" : shown.toString();
    }

    private static void append(StringBuilder shown, int c) {
        if (isSeen(c)) {
            shown.appendCodePoint(c);
        } else if (c > Character.MAX_VALUE) {
            shown.append(String.format("\\u{%x}", c));
        } else {
            shown.append(String.format("\\u%04x", c));
        }
    }

    private static boolean isSeen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
