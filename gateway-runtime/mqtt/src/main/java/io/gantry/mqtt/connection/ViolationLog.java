// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.DeviceLog;
import io.netty.channel.Channel;

/** Logs what came on a channel. */
final class ViolationLog {
    private ViolationLog() {}

    /** And the channel is closed for it. */
    static void log(Channel channel, String clientId, ReasonCode reason, String detail) {
        DeviceLog.closed(Peer.of(channel), clientId, reason, detail);
    }

    /** And the channel stays open. */
    static void refused(Channel channel, String clientId, ReasonCode reason, String detail) {
        DeviceLog.refused(Peer.of(channel), clientId, reason, detail);
    }
}
