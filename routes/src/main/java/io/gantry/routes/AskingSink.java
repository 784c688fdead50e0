// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks devices: publishes each message with a Response Topic and Correlation Data of its own, and answers with what a device
 * publishes there. A request is worth nothing once its caller has gone, so it expires with the time it has.
 */
final class AskingSink implements Sink {
    private static final Delivery NO_TOPIC_NAME = new Delivery.Rejected(
            ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a Topic Name for the answer out of this message");

    private final Sink devices;
    private final OpenRequests requests;
    private final Duration atMost;
    private final @Nullable DeviceTopic answerTopic;
    private final EventCounts<RouteEvent> counts;

    /**
     * Before the way to the devices.
     *
     * @param answerTopic where devices answer that cannot be told a Response Topic; null for those that can
     */
    AskingSink(
            Sink devices,
            OpenRequests requests,
            Duration atMost,
            @Nullable Template answerTopic,
            EventCounts<RouteEvent> counts) {
        this.devices = devices;
        this.requests = requests;
        this.atMost = atMost;
        this.answerTopic = answerTopic == null ? null : new DeviceTopic(answerTopic);
        this.counts = counts;
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        TopicName at = answerTopic == null
                ? requests.freshTopic()
                : answerTopic.of(new MessageValues(message, null)).orElse(null);
        if (at == null) {
            acknowledgement.complete(NO_TOPIC_NAME);
            return;
        }
        Acknowledgement sent = requests.await(at, atMost, counts, acknowledgement);
        if (sent != Acknowledgement.NOBODY) {
            counts.count(RouteEvent.ASKED);
            devices.offer(request(message, at), sent);
        }
    }

    private Message request(Message message, TopicName at) {
        MessageProperties own = message.properties();
        long seconds = Math.max(1, atMost.toSeconds());
        Long expiry = own.expirySeconds();
        return new Message(
                message.id(),
                message.topic(),
                message.payload(),
                message.qos(),
                false,
                new MessageProperties(
                        own.payloadFormat(),
                        expiry == null ? seconds : Math.min(expiry, seconds),
                        own.contentType(),
                        at,
                        Payload.ofText(message.id().toString()),
                        own.userProperties()),
                message.origin(),
                message.receivedMillis());
    }
}
