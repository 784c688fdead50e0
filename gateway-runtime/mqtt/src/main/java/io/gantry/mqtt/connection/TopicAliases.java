// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.Publish;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The Topic Aliases a device has set on its connection [5.0 §3.3.2.3.4]. */
final class TopicAliases {
    private final @Nullable TopicName[] topics;
    private final AliasBudget budget;
    private long bytes;

    /** What the Topic Alias of a PUBLISH means. */
    sealed interface Meaning {}

    /** This Topic Name. */
    record Topic(TopicName name) implements Meaning {}

    /** Nothing: the device broke a rule, or went over the budget. */
    record Nothing(ReasonCode reasonCode, String detail) implements Meaning {}

    /**
     * None set yet.
     *
     * @param maximum the Topic Alias Maximum the device was told
     */
    TopicAliases(int maximum, AliasBudget budget) {
        this.topics = new TopicName[maximum];
        this.budget = budget;
    }

    /** What the alias of a PUBLISH that has one stands for, from now on or since before. */
    Meaning of(Publish publish) {
        int alias = publish.topicAlias();
        if (alias < 1 || alias > topics.length) {
            return new Nothing(ReasonCode.TOPIC_ALIAS_INVALID, "Topic Alias " + alias + " [5.0/MQTT-3.3.2-9]");
        }
        TopicName known = topics[alias - 1];
        TopicName topic = publish.topic();
        if (topic == null) {
            return known != null
                    ? new Topic(known)
                    : new Nothing(
                            ReasonCode.PROTOCOL_ERROR, "Topic Alias " + alias + " was never set [5.0 §3.3.2.3.4]");
        }
        return topic.equals(known) || set(alias, topic, known)
                ? new Topic(topic)
                : new Nothing(ReasonCode.QUOTA_EXCEEDED, "more Topic Aliases than there is room for");
    }

    private boolean set(int alias, TopicName topic, @Nullable TopicName before) {
        long more = bytesOf(topic) - (before == null ? 0 : bytesOf(before));
        if (!budget.take(more)) {
            return false;
        }
        bytes += more;
        topics[alias - 1] = topic;
        return true;
    }

    private static long bytesOf(TopicName topic) {
        return topic.value().getBytes(StandardCharsets.UTF_8).length;
    }

    /** The connection has ended. */
    void release() {
        budget.giveBack(bytes);
        bytes = 0;
    }
}
