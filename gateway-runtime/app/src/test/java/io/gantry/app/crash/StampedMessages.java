// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.ReliablePublisher;
import java.util.concurrent.atomic.AtomicInteger;

/** The messages of one device, over several Topic Names and at several QoS in turn, as a history has them. */
final class StampedMessages implements ReliablePublisher.Messages {
    private final String device;
    private final Load load;
    private final History history;
    private int number;
    private final AtomicInteger refused = new AtomicInteger();

    StampedMessages(String device, Load load, History history) {
        this.device = device;
        this.load = load;
        this.history = history;
    }

    @Override
    public Publish next() {
        number++;
        String topic = load.topics().get(number % load.topics().size()) + "/" + device;
        int qos = load.qos().get(number / load.topics().size() % load.qos().size());
        Stamp stamp = new Stamp(device, number);
        String payload = stamp.payload();
        history.published(new Published(stamp, qos, topic, Stamp.digest(payload.getBytes(UTF_8))));
        return new Publish(topic, qos, false, payload);
    }

    @Override
    public void sentAgain(Publish publish) {
        history.sentAgain();
    }

    @Override
    public void acknowledged(Publish publish) {
        history.acknowledged(stampOf(publish));
    }

    @Override
    public void refused(Publish publish, int code) {
        if (!load.mayBeRefused()) {
            throw new AssertionError(stampOf(publish) + " was refused: " + code);
        }
        refused.incrementAndGet();
    }

    /** How many were refused. Any thread. */
    int refused() {
        return refused.get();
    }

    private static Stamp stampOf(Publish publish) {
        return Stamp.readFrom(publish.payload().getBytes(UTF_8)).orElseThrow();
    }
}
