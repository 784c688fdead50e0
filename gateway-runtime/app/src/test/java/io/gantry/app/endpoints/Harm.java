// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import java.util.Locale;

/** What is done while messages are on their way. */
enum Harm {
    /** Nothing. */
    NORMAL,
    /** The target systems, or the way to them, go away and come back with what they had. */
    AWAY,
    /** Some messages can never be delivered. */
    POISON,
    /** SIGKILL of the gateway, and a new start. */
    KILL;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
