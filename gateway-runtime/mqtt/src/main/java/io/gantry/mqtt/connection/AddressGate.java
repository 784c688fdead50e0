// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.AddressBlock;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.Channel;

/**
 * Whether a listener takes a connection from where it comes, as soon as that is known and before anything of TLS or MQTT is
 * read: not from a banned address, nor too many in a second or at the same time. Any thread.
 */
public final class AddressGate {
    private final BanList bans;
    private final AddressRates rates;
    private final ConnectionLimit limit;
    private final Counters counters;

    /**
     * For one listener.
     *
     * @param perSecond connections of an address; 0 for no limit
     */
    public AddressGate(BanList bans, int perSecond, ConnectionLimit limit, Counters counters) {
        this.bans = bans;
        this.rates = new AddressRates(perSecond);
        this.limit = limit;
        this.counters = counters;
    }

    /** Counts a channel for its address; false when it is to be closed, which is counted and logged. */
    public boolean admits(Channel channel) {
        AddressBlock address = Peer.block(channel);
        if (bans.isBanned(address)) {
            return refuse(channel, Counter.CONNECTS_BANNED, ReasonCode.BANNED, "on the ban list");
        }
        long now = channel.eventLoop().ticker().nanoTime();
        SharedBucket bucket = rates.of(address, now);
        if (bucket != null && !bucket.takes(now)) {
            return refuse(
                    channel,
                    Counter.ADDRESS_ACCEPT_RATE_EXCEEDED,
                    ReasonCode.CONNECTION_RATE_EXCEEDED,
                    "more connections a second from its address than max-accept-rate-per-address");
        }
        return limit.admitsAddressOf(channel);
    }

    private boolean refuse(Channel channel, Counter counter, ReasonCode reason, String detail) {
        counters.count(counter);
        counters.count(Counter.CONNECTIONS_REFUSED);
        ViolationLog.log(channel, "", reason, detail);
        return false;
    }
}
