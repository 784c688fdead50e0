// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HexFormat;
import java.util.List;

/** A connection from an address to a listener that wants the PROXY header and trusts 10.0.0.0/24 and 2001:db8::7. */
final class ProxiedConnection implements AutoCloseable {
    private final Counters counters = new Counters();
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private final EmbeddedChannel channel;

    /** With a limit of its own; a listener shares one. */
    ProxiedConnection(String from) {
        this(from, new ConnectionLimit(10, 1, new Counters()));
    }

    ProxiedConnection(String from, ConnectionLimit limit) {
        channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(from, 50_000);
            }
        };
        channel.config().setAllocator(memory);
        TrustedProxies trusted = new TrustedProxies(List.of("10.0.0.0/24", "2001:db8::7"));
        ProxyHeader.addTo(channel.pipeline(), new ProxyHeader.Terms(trusted, limit::admitsAddressOf, counters));
    }

    /** Sends bytes in pieces of that size. */
    ProxiedConnection sends(byte[] bytes, int pieceSize) {
        for (int from = 0; from < bytes.length && channel.isOpen(); from += pieceSize) {
            int size = Math.min(pieceSize, bytes.length - from);
            channel.writeInbound(memory.buffer().writeBytes(bytes, from, size));
        }
        return this;
    }

    /** What has passed the header, as hex. */
    String passed() {
        StringBuilder passed = new StringBuilder();
        ByteBuf more = channel.readInbound();
        while (more != null) {
            byte[] bytes = new byte[more.readableBytes()];
            more.readBytes(bytes);
            more.release();
            passed.append(HexFormat.of().formatHex(bytes));
            more = channel.readInbound();
        }
        return passed.toString();
    }

    /** Where the connection comes from, as far as we believe it. */
    String peer() {
        return String.valueOf(Peer.of(channel));
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    long refused() {
        return counters.of(Counter.PROXY_HEADERS_REFUSED);
    }

    long heldBytes() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
