// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import java.util.Locale;

/** Which way messages go. */
enum Direction {
    /** From devices to the target system. */
    UP,
    /** From the target system to devices. */
    DOWN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
