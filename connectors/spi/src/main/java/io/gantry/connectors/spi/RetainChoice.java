// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Message;
import java.util.Locale;

/** Whether a message is published as a Retained Message. */
public enum RetainChoice {
    FALSE,
    TRUE,
    /** As the message itself says. */
    KEEP;

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static RetainChoice fromText(String text) {
        for (RetainChoice choice : values()) {
            if (choice.toString().equals(text)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("must be true, false or keep, was '" + text + "'");
    }

    public boolean of(Message message) {
        return this == KEEP ? message.retain() : this == TRUE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
