// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.time.Duration;

/**
 * How long a transaction has been open, at most: Kafka ends one that lasts too long in the same way as one whose producer
 * was replaced. By two clocks, since one of them stands still while the machine is suspended.
 */
record TransactionAge(long beganNanos, long beganMillis) {

    static TransactionAge now() {
        return new TransactionAge(System.nanoTime(), System.currentTimeMillis());
    }

    boolean isBelow(Duration limit) {
        return System.nanoTime() - beganNanos < limit.toNanos()
                && System.currentTimeMillis() - beganMillis < limit.toMillis();
    }
}
