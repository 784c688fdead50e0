// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ClientId;

/** How well a session can take a message, as it last said. Said on the session's thread, read on any. */
final class LastReadiness {
    private final ClientId clientId;
    private volatile Readiness said = Readiness.AWAY;
    private boolean loggedFull;

    LastReadiness(ClientId clientId) {
        this.clientId = clientId;
    }

    Readiness said() {
        return said;
    }

    void say(Readiness now) {
        if (now != said) {
            said = now;
            logOnceFull(now);
        }
    }

    /** Nobody is connected; what else has changed is said later. */
    void gone() {
        said = Readiness.AWAY;
    }

    /** Not again before everything has been sent: a device that is a little slow is full again and again. */
    private void logOnceFull(Readiness now) {
        boolean full = now == Readiness.FULL || now == Readiness.AWAY_AND_FULL;
        if (full && !loggedFull) {
            DeviceLog.full(clientId);
        }
        loggedFull = full || (loggedFull && now != Readiness.READY);
    }
}
