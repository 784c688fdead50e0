// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.Payload;
import io.gantry.mqtt.session.Home;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** An event loop with its sessions and the connections whose packets wait to be flushed. Used on the loop's thread only. */
final class Loop {
    private final EventLoop eventLoop;
    private final Home home;
    private List<Outlet> unflushed = new ArrayList<>();
    private List<Outlet> flushing = new ArrayList<>();
    private Payload sharedPayload = Payload.EMPTY;
    private ByteBuf sharedBytes = Unpooled.EMPTY_BUFFER;

    Loop(EventLoop eventLoop, Home.Shared shared) {
        this.eventLoop = eventLoop;
        this.home = new Home(eventLoop, eventLoop::inEventLoop, shared);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Home home() {
        return home;
    }

    /** Flushes the outlet once the loop has done what it is doing: many packets become one write. */
    void flushLater(Outlet outlet) {
        if (unflushed.isEmpty()) {
            eventLoop.execute(this::flushAll);
        }
        unflushed.add(outlet);
    }

    /**
     * The payload as bytes to write: the same for all devices on the loop that are sent it in one turn.
     *
     * @return the caller's to release; to be asked for only after {@link #flushLater}, which ends the sharing
     */
    ByteBuf shared(Payload payload, ByteBufAllocator allocator) {
        if (!payload.equals(sharedPayload)) {
            unshare();
            sharedBytes = allocator.directBuffer(payload.size()).writeBytes(payload.sharedBytes());
            sharedPayload = payload;
        }
        return sharedBytes.retainedDuplicate();
    }

    private void unshare() {
        sharedPayload = Payload.EMPTY;
        sharedBytes.release();
        sharedBytes = Unpooled.EMPTY_BUFFER;
    }

    private void flushAll() {
        unshare();
        List<Outlet> now = unflushed;
        unflushed = flushing;
        flushing = now;
        now.forEach(Outlet::flush);
        now.clear();
    }
}
