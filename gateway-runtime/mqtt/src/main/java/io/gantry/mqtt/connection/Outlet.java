// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.codec.PacketEncoder;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.session.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/** The way out to one device: gathers packets, so that many become one write. Used on the connection's event loop. */
final class Outlet {
    private static final int WRITE_AT_BYTES = 32 * 1024;
    private static final int FIRST_SIZE = 256;

    private final Loop loop;
    private final ChannelHandlerContext ctx;
    private final ProtocolVersion version;
    private final int maximumPacketSize;
    private final AssignedAliases aliases;
    private @Nullable ByteBuf unsent;
    private int lastSize = FIRST_SIZE;
    private boolean held;

    Outlet(Loop loop, ChannelHandlerContext ctx, Connect connect) {
        this.loop = loop;
        this.ctx = ctx;
        this.version = connect.version();
        this.maximumPacketSize = connect.properties().maximumPacketSize();
        this.aliases = new AssignedAliases(connect.properties().topicAliasMaximum());
    }

    /** Keeps what is sent back until {@link #letGo}. */
    void hold() {
        held = true;
    }

    void letGo() {
        held = false;
        if (unsent != null) {
            loop.flushLater(this);
        }
    }

    void send(Packet packet) {
        ByteBuf buffer = unsent;
        if (buffer == null) {
            // as large as the last, so that a steady stream is not copied from one buffer into the next larger
            buffer = ctx.alloc().buffer(lastSize);
            unsent = buffer;
            loop.flushLater(this);
        }
        Packet asSent = packet instanceof Publish publish ? aliased(publish) : packet;
        PacketEncoder.encode(asSent, version, buffer);
        loop.home().counters().count(Counter.PACKETS_SENT);
        if (buffer.readableBytes() >= WRITE_AT_BYTES) {
            flush();
        }
    }

    private Publish aliased(Publish publish) {
        if (!aliases.mayAssign(publish)) {
            return aliases.apply(publish);
        }
        Publish assigning = aliases.assigning(publish);
        if (PacketEncoder.sizeOf(assigning, version) > maximumPacketSize) {
            return publish;
        }
        aliases.assign(assigning);
        return assigning;
    }

    /** The bytes a packet takes at least: a PUBLISH is not aliased for the first time when it would not fit then. */
    int sizeOf(Packet packet) {
        return PacketEncoder.sizeOf(packet instanceof Publish publish ? aliases.apply(publish) : packet, version);
    }

    void flush() {
        ByteBuf buffer = unsent;
        if (buffer != null && !held) {
            unsent = null;
            lastSize = Math.min(buffer.readableBytes(), WRITE_AT_BYTES);
            ctx.writeAndFlush(buffer, ctx.voidPromise());
        }
    }

    /** Says why, as far as the device knows DISCONNECT and takes one of that size, and closes. */
    void close(ReasonCode reason, @Nullable String detail) {
        if (version == ProtocolVersion.V5) {
            Disconnect full = Disconnect.because(reason, detail);
            Disconnect bare = Disconnect.because(reason, null);
            if (sizeOf(full) <= maximumPacketSize) {
                send(full);
            } else if (sizeOf(bare) <= maximumPacketSize) {
                send(bare);
            }
        }
        ByteBuf last = unsent == null ? ctx.alloc().buffer(0) : unsent;
        unsent = null;
        ctx.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
    }

    /** Drops what was not flushed. */
    void release() {
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
    }
}
