// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What both of Paho's clients have in common: how long they wait, and what their failures mean. */
final class Paho {
    /** How long a goodbye may take. */
    static final long GOODBYE_MILLIS = 500;

    private static final int STEPS = 3;
    private static final int LOWEST_OF_PAHO = 32_000;
    private static final int KEEP_ALIVE = 32_000;

    private Paho() {}

    /** For each step of connecting. */
    static int seconds(Broker broker) {
        return (int) Math.max(1, broker.connectTimeout().toSeconds());
    }

    /** For all steps together. */
    static long millis(Broker broker) {
        return STEPS * broker.connectTimeout().toMillis();
    }

    /**
     * What a failure means.
     *
     * @param code Paho's own from 32000 on, otherwise the broker's; 0 for one that the cause explains
     */
    static Trouble trouble(int code, @Nullable Throwable cause) {
        for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
            if (reason instanceof IOException failure) {
                return Trouble.of(failure);
            }
        }
        if (code == KEEP_ALIVE) {
            return Trouble.SILENT;
        }
        return code > 0 && code < LOWEST_OF_PAHO ? Trouble.refused(code) : Trouble.LOST;
    }
}
