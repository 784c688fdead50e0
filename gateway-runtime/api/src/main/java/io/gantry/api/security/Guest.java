// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * A caller of an endpoint who was let in, and what he may do: all that a connector asks the access rules about him goes
 * through here. A rule that fails allows nothing, nor does one whose proof has ended. Any thread.
 *
 * @param username null for one whose name is not known
 * @param validUntilMillis as in {@link Identity}
 */
public record Guest(@Nullable String username, Permissions permissions, long validUntilMillis) {

    /** Whoever calls an endpoint that is not under {@code security:}. */
    public static final Guest ANYBODY = new Guest(null, Permissions.ALL, Identity.WITHOUT_END);

    /** What becomes of a message that its caller may not publish. */
    public static final Delivery NOT_ALLOWED =
            new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "the caller may not publish there");

    /** Somebody whom a gate has let in. */
    public static Guest of(Identity identity, CallerGate gate) {
        return new Guest(identity.username(), gate.permissions(identity), identity.validUntilMillis());
    }

    /** The way to the devices, for what this caller may publish; everything else is rejected. */
    public Sink publisher(Sink devices) {
        return (message, acknowledgement) -> {
            if (mayPublish(message)) {
                devices.offer(message, acknowledgement);
            } else {
                acknowledgement.complete(NOT_ALLOWED);
            }
        };
    }

    /** Whether a message of his may go to its topic, and ask for an answer at the Response Topic it has. */
    public boolean mayPublish(Message message) {
        return isAllowed(() ->
                permissions.mayPublish(message.topic(), message.properties().responseTopic()));
    }

    /** Whether he may read a topic or watch it: as a device that subscribes to it, and is then sent a message. */
    public boolean mayRead(TopicName topic) {
        return isAllowed(() -> TopicFilter.parse(topic.value())
                        .filter(permissions::maySubscribe)
                        .isPresent())
                && mayReceive(topic);
    }

    /** Whether a message of a topic that he watches may be sent to him. */
    public boolean mayReceive(TopicName topic) {
        return isAllowed(() -> permissions.mayReceive(topic));
    }

    /** A question to the rules. */
    private interface Question {
        boolean ask();
    }

    private boolean isAllowed(Question question) {
        try {
            return permissions == Permissions.ALL || (System.currentTimeMillis() < validUntilMillis && question.ask());
        } catch (RuntimeException ruleFailed) {
            return false;
        }
    }
}
