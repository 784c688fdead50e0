// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.Qos;
import io.gantry.api.settings.ByteSize;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;

/** Limits as in a fresh install, and variations of them. */
public final class TestLimits {
    private TestLimits() {}

    public static LimitSettings defaults() {
        return new LimitSettings(
                1_000,
                100,
                1_000,
                new ByteSize(4 << 20),
                Duration.ofDays(7),
                Duration.ofHours(1),
                256,
                1024,
                32,
                1000,
                32,
                10,
                100_000,
                new ByteSize(64 << 20),
                new ByteSize(8 << 10),
                50_000,
                1_000_000,
                30,
                Duration.ofMinutes(10),
                QueuePolicy.REJECT_NEW,
                1_000_000,
                new ByteSize(64 << 20),
                ClientIdCharacters.ANY,
                Qos.EXACTLY_ONCE,
                8,
                Duration.ofMinutes(5),
                10,
                Duration.ofMinutes(10),
                50,
                Duration.ofMinutes(5),
                new OverloadSettings(new Percent(85), new Percent(85), Duration.ofSeconds(1)));
    }

    /** The defaults, but for one component of the record. */
    public static LimitSettings with(String component, Object value) {
        return with(defaults(), component, value);
    }

    /** Those limits, but for one component of the record. */
    public static LimitSettings with(LimitSettings limits, String component, Object value) {
        RecordComponent[] components = LimitSettings.class.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        if (Arrays.stream(components).noneMatch(known -> known.getName().equals(component))) {
            throw new IllegalArgumentException("no limit " + component);
        }
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < values.length; i++) {
                boolean other = components[i].getName().equals(component);
                values[i] = other ? value : components[i].getAccessor().invoke(limits);
            }
            return LimitSettings.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException mistake) {
            throw new IllegalArgumentException(component + " = " + value, mistake);
        }
    }

    public static LimitSettings withWindows(int receiveMaximum, int maxInflight) {
        return with(with("receiveMaximum", receiveMaximum), "maxInflight", maxInflight);
    }

    public static LimitSettings withQueue(int messages) {
        return with(with("maxQueuedMessages", messages), "maxInflight", 1);
    }

    public static LimitSettings withRetained(int messages, int bytes) {
        return with(with("maxRetainedMessages", messages), "maxRetainedBytes", new ByteSize(bytes));
    }

    public static LimitSettings withPublishRate(int perSecond) {
        return with("maxPublishRate", perSecond);
    }

    public static LimitSettings withTopicAliases(int most) {
        return with("maxTopicAliases", most);
    }
}
