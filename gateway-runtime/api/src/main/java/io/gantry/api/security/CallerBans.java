// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.DeviceSide.Subscription;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who may not call endpoints, whatever these ask of those who call, and what becomes of who guesses: the same bans as at the
 * listeners. Any thread.
 */
public interface CallerBans {
    /** Nobody is banned, and nobody is counted. */
    CallerBans NONE = new CallerBans() {
        @Override
        public boolean isBanned(InetAddress from, @Nullable String username) {
            return false;
        }

        @Override
        public long failed(InetAddress from, @Nullable String username) {
            return 0;
        }

        @Override
        public Subscription onBanned(Runnable step) {
            return () -> {};
        }
    };

    /**
     * Whether an address or a user is banned.
     *
     * @param username as the caller shows it; null when he shows none
     */
    boolean isBanned(InetAddress from, @Nullable String username);

    /**
     * Somebody has shown what is not known at an endpoint that has callers of its own. He is banned in the end.
     *
     * @param username as in {@link #isBanned}
     * @return how long he is not told, in milliseconds: longer each time
     */
    long failed(InetAddress from, @Nullable String username);

    /**
     * Has a step run each time somebody is banned, on the thread that does it, until this is closed.
     *
     * @param step must not wait
     */
    Subscription onBanned(Runnable step);
}
