// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.BanList;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of devices that are open now, for what concerns them all: draining and closing. Any thread. */
public final class Connections {
    private final Map<Channel, DeviceConnection> open = new ConcurrentHashMap<>();
    private final AtomicInteger most = new AtomicInteger();

    /** A device has been admitted. */
    void opened(Channel channel, DeviceConnection connection) {
        open.put(channel, connection);
        most.accumulateAndGet(open.size(), Math::max);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /** Number of devices connected. */
    public int size() {
        return open.size();
    }

    /** Most devices that were connected at the same time. */
    int most() {
        return most.get();
    }

    /** Reads no device any longer; what is under way is answered. */
    public void drain() {
        open.forEach((channel, connection) -> channel.eventLoop().execute(connection::drain));
    }

    /** Ends the connections of those that are banned. */
    public void endThoseOn(BanList bans) {
        open.forEach((channel, connection) -> channel.eventLoop().execute(() -> connection.onBan(bans)));
    }

    /** Ends the connections of some users. */
    public void endThoseOf(Set<String> users) {
        open.forEach((channel, connection) -> channel.eventLoop().execute(() -> connection.onChange(users)));
    }

    /** Tells every device that the gateway goes down, and waits for the connections to end, but not for long. */
    public void closeAll(long atMostMillis) throws InterruptedException {
        Map<Channel, DeviceConnection> now = Map.copyOf(open);
        CountDownLatch closed = new CountDownLatch(now.size());
        now.forEach((channel, connection) -> {
            channel.closeFuture().addListener(end -> closed.countDown());
            channel.eventLoop().execute(() -> connection.disconnect(ReasonCode.SERVER_SHUTTING_DOWN, null));
        });
        if (!closed.await(atMostMillis, TimeUnit.MILLISECONDS)) {
            now.keySet().forEach(Channel::close);
        }
    }
}
