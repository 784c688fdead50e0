// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message that waits for one session.
 *
 * @param sequence its place in the queue, from 1, ascending
 * @param qos what was published, capped by the subscription
 * @param retain the flag the device sees
 * @param sharedFilter the Shared Subscription that it came by; null when by the session's own
 */
public record QueuedMessage(
        long sequence,
        Message message,
        Qos qos,
        boolean retain,
        List<Integer> subscriptionIds,
        @Nullable TopicFilter sharedFilter) {

    public QueuedMessage {
        subscriptionIds = List.copyOf(subscriptionIds);
    }
}
