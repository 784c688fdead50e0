// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.SubAck;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.UnsubAck;
import io.gantry.mqtt.packet.Unsubscribe;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Device;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.Session;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** SUBSCRIBE and UNSUBSCRIBE of one connection: each is answered when what it changes is stored. */
final class Subscribing {
    private final Home home;
    private final Session session;
    private final Device device;
    private final Channel channel;
    private final boolean bridge;

    /**
     * For one connection.
     *
     * @param bridge whether the device is a bridge, which does not get back what it publishes
     */
    Subscribing(Home home, Session session, Device device, Channel channel, boolean bridge) {
        this.home = home;
        this.session = session;
        this.device = device;
        this.channel = channel;
        this.bridge = bridge;
    }

    void onSubscribe(Subscribe subscribe) {
        List<ReasonCode> codes = new ArrayList<>(subscribe.requests().size());
        List<Boolean> existed = new ArrayList<>(subscribe.requests().size());
        for (Subscribe.Request asked : subscribe.requests()) {
            Subscribe.Request request = bridge ? asked.ofBridge() : asked;
            existed.add(session.isSubscribed(request.filter()));
            codes.add(session.subscribe(request, subscribe.subscriptionId()));
        }
        codes.stream().filter(ReasonCode::isFailure).forEach(this::onRefusal);
        session.saved(() -> {
            device.send(new SubAck(subscribe.packetId(), codes));
            sendRetained(subscribe, codes, existed);
        });
    }

    private void sendRetained(Subscribe subscribe, List<ReasonCode> codes, List<Boolean> existed) {
        for (int i = 0; i < codes.size(); i++) {
            boolean stillHere = session.device().filter(device::equals).isPresent();
            if (stillHere && !codes.get(i).isFailure()) {
                session.sendRetained(subscribe.requests().get(i), existed.get(i), subscribe.subscriptionId());
            }
        }
    }

    private void onRefusal(ReasonCode reason) {
        home.counters().count(Counter.SUBSCRIPTIONS_REFUSED);
        ViolationLog.refused(channel, session.clientId().value(), reason, "SUBSCRIBE");
    }

    void onUnsubscribe(Unsubscribe unsubscribe) {
        List<ReasonCode> codes =
                unsubscribe.filters().stream().map(session::unsubscribe).toList();
        session.saved(() -> device.send(new UnsubAck(unsubscribe.packetId(), codes)));
    }
}
