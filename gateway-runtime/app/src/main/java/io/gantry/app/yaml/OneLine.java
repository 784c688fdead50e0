// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

/** Text from a file, made safe to show: it must not draw on the user's terminal, nor forge a second line. */
public final class OneLine {
    private static final int LONGEST = 500;

    private OneLine() {}

    /** The text, shortened, with question marks for control and format characters. */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(line::appendCodePoint);
        return text.codePointCount(0, text.length()) > LONGEST ? line + "…" : line.toString();
    }
}
