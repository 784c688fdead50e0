// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the answers of a target back to the devices that asked: to the Response Topic of the request, with its Correlation
 * Data [5.0 §4.10]. The request is delivered once the target has answered, whatever becomes of the answer.
 */
final class AnsweredSink implements Sink {
    private final String endpoint;
    private final Sink target;
    private final @Nullable DeviceTopic replyTopic;
    private final @Nullable TopicPattern pattern;
    private final Sink devices;
    private final MessageId.Sequence ids;
    private final EventCounts<RouteEvent> counts;

    /**
     * Around a target.
     *
     * @param replyTopic for requests without a Response Topic; null for nowhere
     * @param pattern the filter of the route
     */
    AnsweredSink(
            String endpoint,
            Sink target,
            @Nullable Template replyTopic,
            @Nullable TopicPattern pattern,
            Sink devices,
            MessageId.Sequence ids,
            EventCounts<RouteEvent> counts) {
        this.endpoint = endpoint;
        this.target = target;
        this.replyTopic = replyTopic == null ? null : new DeviceTopic(replyTopic);
        this.pattern = pattern;
        this.devices = devices;
        this.ids = ids;
        this.counts = counts;
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        target.offer(message, outcome -> {
            Answer answer = outcome instanceof Delivery.Accepted accepted ? accepted.answer() : null;
            if (answer != null) {
                publish(message, answer);
            } else if (outcome instanceof Delivery.Accepted || outcome.equals(Answer.NOT_IN_TIME)) {
                counts.count(RouteEvent.UNANSWERED);
            }
            acknowledgement.complete(outcome);
        });
    }

    private void publish(Message request, Answer answer) {
        TopicName topic = topicFor(request);
        if (topic == null) {
            counts.count(RouteEvent.ANSWERED_NOBODY);
            return;
        }
        MessageProperties properties = answer.properties();
        Message reply = new Message(
                ids.next(),
                topic,
                answer.payload(),
                request.qos(),
                false,
                new MessageProperties(
                        properties.payloadFormat(),
                        null,
                        properties.contentType(),
                        null,
                        request.properties().correlationData(),
                        properties.userProperties()),
                new Origin.Endpoint(endpoint, null, List.of()),
                System.currentTimeMillis());
        devices.offer(
                reply,
                outcome -> counts.count(
                        outcome instanceof Delivery.Accepted ? RouteEvent.ANSWERED : RouteEvent.ANSWER_LOST));
    }

    private @Nullable TopicName topicFor(Message request) {
        TopicName own = request.properties().responseTopic();
        if (own == null && replyTopic != null) {
            own = replyTopic.of(new MessageValues(request, pattern)).orElse(null);
        }
        return own == null || own.isReserved() ? null : own;
    }
}
