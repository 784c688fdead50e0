// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.DeviceSide.Subscription;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.CallerBans;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The gatekeeper's bans for those who call endpoints; these count themselves whom they refuse. */
record EndpointBans(Gatekeeper gatekeeper) implements CallerBans {

    @Override
    public boolean isBanned(InetAddress from, @Nullable String username) {
        return gatekeeper.bans().isAnyBanned(from, "", username);
    }

    @Override
    public long failed(InetAddress from, @Nullable String username) {
        return gatekeeper.failed(from, username, ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    }

    @Override
    public Subscription onBanned(Runnable step) {
        return gatekeeper.bans().onAdded(ban -> step.run());
    }
}
