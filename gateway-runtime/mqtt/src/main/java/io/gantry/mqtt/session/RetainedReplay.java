// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The retained messages a new subscription is still to get, page by page. On its session's thread. */
final class RetainedReplay {
    private final RetainedMessages retained;
    private final TopicFilter filter;
    private final Qos maximumQos;
    private final List<Integer> subscriptionIds;
    private final Deque<TopicName> page = new ArrayDeque<>();
    private @Nullable String last;
    private boolean begun;

    RetainedReplay(RetainedMessages retained, TopicFilter filter, Qos maximumQos, List<Integer> subscriptionIds) {
        this.retained = retained;
        this.filter = filter;
        this.maximumQos = maximumQos;
        this.subscriptionIds = subscriptionIds;
    }

    boolean isOf(TopicFilter other) {
        return filter.equals(other);
    }

    /** Looks for more topics once those found are sent. */
    void turnPage() {
        RetainedMessages.Page next = retained.page(filter, last);
        page.addAll(next.topics());
        last = next.last();
        begun = true;
    }

    boolean isPageSent() {
        return page.isEmpty();
    }

    boolean isOver() {
        return begun && page.isEmpty() && last == null;
    }

    /** The next message as it is retained now, not as it was when the page was made; null when it is gone. */
    @Nullable Outgoing next() {
        Message message = retained.get(page.remove());
        if (message == null) {
            return null;
        }
        Qos qos = message.qos().atMost(maximumQos);
        return new Outgoing(message, qos, true, subscriptionIds, Acknowledgement.NOBODY, null, 0);
    }
}
