// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections of a listener each address has. Any thread. */
public final class AddressLimit {
    private final int most;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();

    public AddressLimit(int most) {
        this.most = most;
    }

    /** Counts a channel until it closes; false when its address has too many. */
    public boolean admits(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            return true;
        }
        InetAddress address = remote.getAddress();
        int now = open.merge(address, 1, Integer::sum);
        channel.closeFuture().addListener(closed -> open.computeIfPresent(address, (key, n) -> n == 1 ? null : n - 1));
        return now <= most;
    }
}
