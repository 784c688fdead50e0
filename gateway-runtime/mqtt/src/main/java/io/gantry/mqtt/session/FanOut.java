// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Mailbox;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the messages of one device cost those they go to, so that it is read no faster than they are served. A message to a
 * thousand subscribers is a thousand messages: without this, the loop they live on would be that device's alone, and the
 * mailboxes of the other loops would fill the memory. Touched by its session's home only, except where it says otherwise.
 */
public final class FanOut {
    /** Deliveries on the device's own loop before it is others' turn there: about a quarter of a millisecond. */
    static final int TURN = 256;

    /** Deliveries that wait in the mailboxes of other loops, each about a hundred bytes, before the device waits for them. */
    static final int MOST_UNDER_WAY = 1_024;

    private final Mailbox home;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private Runnable onCaughtUp = () -> {};
    private int inTurn;

    /**
     * Nothing delivered yet.
     *
     * @param home of the device that publishes
     */
    FanOut(Mailbox home) {
        this.home = home;
    }

    /** One more delivery on the device's own loop. */
    void delivered() {
        inTurn++;
    }

    /** One more delivery on another loop. Any thread. */
    void handedOver() {
        underWay.incrementAndGet();
    }

    /** The other loop has it. Any thread. */
    void taken() {
        if (underWay.decrementAndGet() <= MOST_UNDER_WAY / 2 && awaited.compareAndSet(true, false)) {
            home.post(new Mailbox.Mail() {
                @Override
                protected void open() {
                    onCaughtUp.run();
                }
            });
        }
    }

    /** Whether the device's messages have taken so much of its loop that it is others' turn. */
    public boolean isTurnOver() {
        return inTurn >= TURN;
    }

    /** The others had theirs. */
    public void beginTurn() {
        inTurn = 0;
    }

    /** Whether nothing more is to be read before the other loops have caught up, which is then told. */
    public boolean isTooFarAhead() {
        if (underWay.get() < MOST_UNDER_WAY) {
            return false;
        }
        awaited.set(true);
        // when they have caught up just now, either they have seen that it is awaited, or it goes on here
        return underWay.get() > MOST_UNDER_WAY / 2 || !awaited.compareAndSet(true, false);
    }

    /** What to do each time the other loops have caught up. */
    public void onCaughtUp(Runnable step) {
        onCaughtUp = step;
    }
}
