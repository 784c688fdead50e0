// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.AddressBlock;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Where a connection comes from: what a trusted proxy says, or else what the network does. Any thread. */
final class Peer {
    private static final AttributeKey<InetSocketAddress> BEHIND_PROXY = AttributeKey.valueOf(Peer.class, "behindProxy");

    private Peer() {}

    /** A trusted proxy says so. */
    static void isBehindProxy(Channel channel, InetSocketAddress address) {
        channel.attr(BEHIND_PROXY).set(address);
    }

    /** For the log; null when it is not known any more. */
    static @Nullable SocketAddress of(Channel channel) {
        InetSocketAddress behind = channel.attr(BEHIND_PROXY).get();
        return behind == null ? channel.remoteAddress() : behind;
    }

    /** The address alone; that of this machine for a connection that has come over no network. */
    static InetAddress address(Channel channel) {
        return of(channel) instanceof InetSocketAddress internet
                ? internet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** What counts as its address. */
    static AddressBlock block(Channel channel) {
        return new AddressBlock(address(channel));
    }
}
