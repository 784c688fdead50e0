// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.codec.PacketDecoder;
import io.netty.channel.ChannelHandlerContext;
import java.util.EnumSet;
import java.util.Set;

/** Why a connection is not read at the moment. It is read again when no reason is left: back-pressure is this and TCP. */
final class ReadStops {
    private final PacketDecoder decoder;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** The reasons. */
    enum Reason {
        /** The device has as many unacknowledged messages under way as it may. */
        INBOUND_FULL,
        /** The device publishes faster than it may. */
        TOO_FAST,
        /** More is published from the device's address than may. */
        ADDRESS_TOO_FAST,
        /** The gateway is overloaded, and the device publishes. */
        OVERLOADED,
        /** The device's messages go to so many that it is others' turn. */
        TURN_OVER,
        /** They are more than other loops have taken. */
        TOO_FAR_AHEAD,
        /** The device does not read what it is sent. */
        NOT_WRITABLE,
        /** What the device sent cannot be taken now. */
        TURNED_AWAY,
        /** The gateway is going down. */
        DRAINING
    }

    ReadStops(PacketDecoder decoder) {
        this.decoder = decoder;
    }

    void stop(ChannelHandlerContext ctx, Reason reason) {
        if (reasons.isEmpty()) {
            decoder.pause();
            ctx.channel().config().setAutoRead(false);
        }
        reasons.add(reason);
    }

    void resume(ChannelHandlerContext ctx, Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            ctx.channel().config().setAutoRead(true);
            decoder.resume();
        }
    }

    boolean any() {
        return !reasons.isEmpty();
    }
}
