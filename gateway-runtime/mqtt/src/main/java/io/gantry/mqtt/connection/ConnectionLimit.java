// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.AddressBlock;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a listener has open, all and from each address. Any thread. */
public final class ConnectionLimit {
    private final int most;
    private final int mostPerAddress;
    private final Counters counters;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<AddressBlock, Integer> perAddress = new ConcurrentHashMap<>();

    public ConnectionLimit(int most, int mostPerAddress, Counters counters) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
        this.counters = counters;
    }

    /** Counts a channel until it closes; false when there are too many, which is counted and logged. */
    public boolean admits(Channel channel) {
        int all = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        return all <= most || refuse(channel, "more connections than max-connections");
    }

    /** The same for those of its address, once that is known. */
    public boolean admitsAddressOf(Channel channel) {
        AddressBlock address = Peer.block(channel);
        int now = perAddress.merge(address, 1, Integer::sum);
        channel.closeFuture()
                .addListener(closed -> perAddress.computeIfPresent(address, (key, n) -> n == 1 ? null : n - 1));
        return now <= mostPerAddress
                || refuse(channel, "more connections from its address than max-connections-per-address");
    }

    private boolean refuse(Channel channel, String detail) {
        counters.count(Counter.CONNECTIONS_REFUSED);
        ViolationLog.log(channel, "", ReasonCode.QUOTA_EXCEEDED, detail);
        return false;
    }
}
