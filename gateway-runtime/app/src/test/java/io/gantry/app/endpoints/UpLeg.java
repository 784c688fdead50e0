// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminClient.Selection;
import io.gantry.admin.AdminException;
import io.gantry.admin.OutboxStatus;
import io.gantry.app.restart.Progress;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import io.gantry.app.restart.ReliablePublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** From devices of both versions of MQTT to a target system. */
final class UpLeg implements Leg {
    private static final int MOST_PER_SECOND = 25;
    private static final int POISON_EVERY = 20;
    private static final int MOST_DEAD_LETTERS = 1_000;

    private final String route;
    private final Peer peer;
    private final int port;
    private final AdminClient admin;
    private final List<Device> devices;

    /** @param port of the gateway, for devices */
    UpLeg(String connector, Peer peer, int port, AdminClient admin) {
        this.route = connector + ".up";
        this.peer = peer;
        this.port = port;
        this.admin = admin;
        this.devices = List.of(
                new Device(connector + "-a", "up/" + connector, Version.V5),
                new Device(connector + "-b", "up/" + connector, Version.V3_1_1));
    }

    /** One that publishes, and counts on from one harm to the next. */
    private static final class Device {
        final String name;
        final String topic;
        final Version version;
        int last;

        Device(String name, String branch, Version version) {
            this.name = name;
            this.topic = branch + "/" + name;
            this.version = version;
        }
    }

    /** Numbered messages of one device, at QoS 1, with poison at times. */
    private record Stream(Device device, Sendings sendings, String poison) implements ReliablePublisher.Messages {

        @Override
        public Publish next() {
            int number = ++device.last;
            boolean isPoison = poison != null && number % POISON_EVERY == 0;
            String payload = isPoison ? poison : new Numbered(device.name, number).payload();
            return new Publish(device.topic, 1, false, payload);
        }

        @Override
        public void sentAgain(Publish publish) {
            sendings.repeat();
        }

        @Override
        public void acknowledged(Publish publish) {
            if (publish.payload().equals(poison)) {
                sendings.confirmPoison();
            } else {
                sendings.confirm(Numbered.parse(publish.payload()));
            }
        }
    }

    @Override
    public List<Callable<Void>> senders(Progress progress, Sendings sendings, boolean withPoison) {
        List<Callable<Void>> senders = new ArrayList<>();
        for (Device device : devices) {
            Stream messages = new Stream(device, sendings, withPoison ? peer.poison() : null);
            ReliablePublisher publisher =
                    new ReliablePublisher(device.name, device.version, port, progress, messages, MOST_PER_SECOND);
            senders.add(() -> {
                publisher.run();
                return null;
            });
        }
        return senders;
    }

    @Override
    public List<Numbered> arrived() throws Exception {
        return peer.arrived();
    }

    @Override
    public Books books() throws AdminException {
        int dead = admin.deadLetters(new Selection(route, null, null, null), 0, MOST_DEAD_LETTERS)
                .letters()
                .size();
        OutboxStatus outbox = admin.status().outboxes().stream()
                .filter(one -> one.route().equals(route))
                .findFirst()
                .orElseThrow();
        long done = outbox.delivered() + outbox.deadLettered();
        return new Books(dead, outbox.waiting(), outbox.accepted() == done + outbox.waiting());
    }
}
