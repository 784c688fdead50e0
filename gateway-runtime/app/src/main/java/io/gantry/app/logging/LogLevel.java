// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.logging;

import java.util.Locale;

/** How much Gantry logs. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
