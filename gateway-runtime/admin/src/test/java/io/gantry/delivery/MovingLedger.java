// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.delivery.Ledger.DropReason;
import java.util.concurrent.ThreadLocalRandom;

/** A real ledger whose messages a test moves. */
public final class MovingLedger {
    private static final int OUTCOMES = 5;

    private final Ledger ledger;

    public MovingLedger(String route, String target) {
        ledger = new Ledger(route, target);
    }

    public Ledger.Snapshot snapshot() {
        return ledger.snapshot(1_500);
    }

    /** A message comes. */
    public void accept(long bytes) {
        ledger.accepted(bytes);
        ledger.acknowledged(700);
    }

    /** A message of those that wait meets one of its fates. */
    public void finishOne(long bytes) {
        switch (ThreadLocalRandom.current().nextInt(OUTCOMES)) {
            case 0 -> ledger.deadLettered(bytes);
            case 1 -> ledger.expired(bytes);
            case 2 -> ledger.dropped(DropReason.FULL_OLDEST, bytes);
            case 3 -> ledger.dropped(DropReason.TOO_OLD, bytes);
            default -> ledger.delivered(bytes, 2_000);
        }
    }

    public void deliver(long bytes) {
        ledger.delivered(bytes, 2_000);
    }

    public void parked(String error) {
        ledger.state(Ledger.State.PARKED);
        ledger.failed(error);
    }

    public void refuse() {
        ledger.refused();
    }
}
