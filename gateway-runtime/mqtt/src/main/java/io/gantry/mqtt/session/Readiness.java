// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

/** How well a session can take another message; the best first. */
enum Readiness {
    /** It is connected and would be sent the message now. */
    READY,
    /** It is connected, and the message would wait. */
    BUSY,
    /** It is not connected, and the message would wait. */
    AWAY,
    /** It is connected and has no room. */
    FULL,
    /** It is not connected and has no room. */
    AWAY_AND_FULL;

    boolean isConnected() {
        return this == READY || this == BUSY || this == FULL;
    }
}
