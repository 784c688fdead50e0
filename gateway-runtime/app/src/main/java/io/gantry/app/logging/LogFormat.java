// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.logging;

import java.util.Locale;

/** How log lines look. */
public enum LogFormat {
    /** For eyes: one line of text, key-value pairs at its end. */
    TEXT,
    /** For machines: one JSON object per line. */
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
