// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.TopicName;
import org.jspecify.annotations.Nullable;

/** The Topic Aliases a device has set on its connection [5.0 §3.3.2.3.4]. */
final class TopicAliases {
    private final @Nullable TopicName[] topics;

    /**
     * None set yet.
     *
     * @param maximum the Topic Alias Maximum the device was told
     */
    TopicAliases(int maximum) {
        this.topics = new TopicName[maximum];
    }

    boolean isAllowed(int alias) {
        return alias >= 1 && alias <= topics.length;
    }

    void set(int alias, TopicName topic) {
        topics[alias - 1] = topic;
    }

    @Nullable TopicName get(int alias) {
        return topics[alias - 1];
    }
}
