// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.settings.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who the gateway is at a broker, for one connection.
 *
 * @param validFor how long the broker takes it, such as the life of a token: the connection is made anew, with a new login,
 *     when three quarters of it are over; null for ever
 */
record Login(
        @Nullable String username,
        @Nullable Secret password,
        @Nullable Duration validFor) {

    /** Asked for a login before each connection, on the connection's own thread; may compute, must not wait long. */
    @FunctionalInterface
    interface Source {
        Login next();
    }
}
