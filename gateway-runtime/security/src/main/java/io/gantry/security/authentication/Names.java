// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import org.jspecify.annotations.Nullable;

/**
 * Which texts may be the name of somebody or of a role, wherever they come from: none that a log or a console would show as
 * something else. Letters that look like others are let be.
 */
final class Names {
    static final int CHARACTERS = 1_024;

    private Names() {}

    /** Whether it has 1 to 1024 characters, all of them visible or blank. */
    static boolean isFit(@Nullable String text) {
        return text != null
                && !text.isBlank()
                && text.length() <= CHARACTERS
                && text.codePoints().allMatch(Names::isFit);
    }

    /** Not control characters, NUL and newline among them, nor what turns the direction of writing. */
    private static boolean isFit(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
