// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Sees the records of TLS before they are deciphered. Once the handshake is over they are there to carry packets: what asks
 * for another handshake (renegotiation, TLS 1.2) ends the connection, and so do too many that carry nothing (KeyUpdate of
 * TLS 1.3, empty ones). Neither engine bounds both of its own accord.
 */
final class TlsRecords extends ChannelInboundHandlerAdapter {
    private static final int HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** So much in a minute may carry nothing; a KeyUpdate takes 27 bytes. */
    private static final long EMPTY_BYTES = 16 * 1024;

    /** A record with the smallest packet, of 2 bytes, takes 24. */
    private static final long BYTES_FOR_ONE = 32;

    private final Counters counters;
    private boolean secured;
    private boolean closed;
    private int headerSeen;
    private int type;
    private int length;
    private int rest;
    private long began = System.nanoTime();
    private long received;
    private long carried;

    TlsRecords(Counters counters) {
        this.counters = counters;
    }

    /** The handshake is over. */
    void secured() {
        secured = true;
    }

    /** So many bytes have come out of the records. */
    void carried(int bytes) {
        carried += bytes;
    }

    /** Whether anything has come yet. */
    boolean hasBegun() {
        return received > 0 || headerSeen > 0 || rest > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        if (closed || !isTaken(bytes)) {
            bytes.release();
            end(ctx, "asks for another handshake within TLS");
            return;
        }
        ctx.fireChannelRead(bytes);
    }

    /** Follows the records through bytes that may begin and end anywhere. */
    private boolean isTaken(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (rest > 0) {
                int skipped = Math.min(rest, end - at);
                rest -= skipped;
                at += skipped;
            } else {
                onHeaderByte(bytes.getUnsignedByte(at++));
                if (secured && type == HANDSHAKE) {
                    return false;
                }
            }
            if (rest == 0 && headerSeen == 0) {
                received += HEADER + length;
            }
        }
        return true;
    }

    private void onHeaderByte(int value) {
        switch (headerSeen++) {
            case 0 -> type = value;
            case 3 -> length = value << 8;
            case 4 -> {
                length |= value;
                rest = length;
                headerSeen = 0;
            }
            default -> {
                // the version, which says nothing
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!secured || closed) {
            return;
        }
        if (received > EMPTY_BYTES + BYTES_FOR_ONE * carried) {
            end(ctx, "sends TLS records that carry nothing");
        } else if (System.nanoTime() - began > MINUTE_NANOS) {
            began = System.nanoTime();
            received = 0;
            carried = 0;
        }
    }

    private void end(ChannelHandlerContext ctx, String detail) {
        if (!closed) {
            closed = true;
            counters.count(Counter.TLS_VIOLATIONS);
            ViolationLog.log(ctx.channel(), "", ReasonCode.PROTOCOL_ERROR, detail);
            ctx.close();
        }
    }
}
