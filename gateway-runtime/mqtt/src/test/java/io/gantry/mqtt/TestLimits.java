// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.settings.ByteSize;
import java.time.Duration;

/** Limits as in a fresh install, and variations of them. */
public final class TestLimits {
    private TestLimits() {}

    public static LimitSettings defaults() {
        return withWindows(1000, 100);
    }

    public static LimitSettings withWindows(int receiveMaximum, int maxInflight) {
        return with(receiveMaximum, maxInflight, 1_000, 100_000, 64 << 20, 50_000, 10);
    }

    public static LimitSettings withQueue(int messages) {
        return with(1_000, 1, messages, 100_000, 64 << 20, 50_000, 10);
    }

    public static LimitSettings withRetained(int messages, int bytes) {
        return with(1_000, 100, 1_000, messages, bytes, 50_000, 10);
    }

    public static LimitSettings withPublishRate(int perSecond) {
        return with(1_000, 100, 1_000, 100_000, 64 << 20, perSecond, 10);
    }

    public static LimitSettings withTopicAliases(int most) {
        return with(1_000, 100, 1_000, 100_000, 64 << 20, 50_000, most);
    }

    private static LimitSettings with(
            int receiveMaximum,
            int maxInflight,
            int queued,
            int retained,
            int retainedBytes,
            int publishRate,
            int topicAliases) {
        return new LimitSettings(
                receiveMaximum,
                maxInflight,
                queued,
                new ByteSize(4 << 20),
                Duration.ofDays(7),
                Duration.ofHours(1),
                256,
                1024,
                32,
                1000,
                32,
                topicAliases,
                retained,
                new ByteSize(retainedBytes),
                new ByteSize(8 << 10),
                publishRate,
                30,
                8);
    }
}
