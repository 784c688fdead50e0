// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.settings.ByteSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A route's settings while a test makes them: the defaults, but without jitter. */
final class SettingsInHand {
    private AckPoint ack = AckPoint.STORED;
    private OrderKey order = OrderKey.DEVICE;
    private int parallel = 16;
    private long maxBytes = 10L << 30;
    private Duration maxAge = Duration.ofDays(7);
    private WhenFull whenFull = WhenFull.REFUSE;
    private RetrySettings retry = retry(5, Duration.ofMinutes(2));
    private @Nullable Duration giveUpAfter;
    private int maxInFlight = 100_000;
    private long maxInFlightBytes = 64L << 20;

    /** 200 ms doubling up to 30 s, a minute when parked. */
    static RetrySettings retry(int breaker, Duration timeout) {
        return new RetrySettings(
                Duration.ofMillis(200), Duration.ofSeconds(30), 0, breaker, Duration.ofMinutes(1), timeout);
    }

    SettingsInHand ack(AckPoint value) {
        ack = value;
        return this;
    }

    SettingsInHand order(OrderKey value) {
        order = value;
        return this;
    }

    SettingsInHand parallel(int value) {
        parallel = value;
        return this;
    }

    SettingsInHand buffer(long bytes, WhenFull policy) {
        maxBytes = bytes;
        whenFull = policy;
        return this;
    }

    SettingsInHand maxAge(Duration value) {
        maxAge = value;
        return this;
    }

    SettingsInHand retry(RetrySettings value) {
        retry = value;
        return this;
    }

    SettingsInHand giveUpAfter(Duration value) {
        giveUpAfter = value;
        return this;
    }

    SettingsInHand memory(int messages, long bytes) {
        maxInFlight = messages;
        maxInFlightBytes = bytes;
        return this;
    }

    DeliverySettings made() {
        return new DeliverySettings(
                ack,
                order,
                parallel,
                new BufferSettings(new ByteSize(maxBytes), maxAge, whenFull),
                retry,
                giveUpAfter,
                maxInFlight,
                new ByteSize(maxInFlightBytes));
    }
}
