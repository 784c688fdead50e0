// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share of a whole, as {@code 85%}.
 *
 * @param value 0 to 100
 */
public record Percent(int value) {
    private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d?|100)%");

    public Percent {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException("must be 0% to 100%");
        }
    }

    /**
     * Reads the form users write.
     *
     * @throws IllegalArgumentException when the text is not a share
     */
    public static Percent fromText(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be a share such as 85%");
        }
        return new Percent(Integer.parseInt(form.group(1)));
    }

    @Override
    public String toString() {
        return value + "%";
    }
}
