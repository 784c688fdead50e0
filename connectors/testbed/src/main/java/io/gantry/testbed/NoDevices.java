// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import org.jspecify.annotations.Nullable;

/** A devices' side on which there is nobody; for tests of what needs none. */
public final class NoDevices implements DeviceSide {

    @Override
    public Sink publisher() {
        return (message, acknowledgement) -> {
            throw new AssertionError("nobody should publish here, was " + message);
        };
    }

    @Override
    public Sink subscribers() {
        return publisher();
    }

    @Override
    public @Nullable Message retained(TopicName topic) {
        return null;
    }

    @Override
    public Subscription watch(TopicFilter filter, Sink watcher) {
        return () -> {};
    }
}
