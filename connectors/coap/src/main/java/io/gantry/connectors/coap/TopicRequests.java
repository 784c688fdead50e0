// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.ClientId;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.TopicName;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;

/** CoAP clients as devices: they publish, read the Retained Message and observe, each at the path of a topic. */
final class TopicRequests {
    private final String endpoint;
    private final TopicPaths paths;
    private final DeviceSide devices;
    private final MessageId.Sequence ids;
    private final Observations observations;
    private final long largest;

    TopicRequests(
            String endpoint,
            TopicPaths paths,
            DeviceSide devices,
            MessageId.Sequence ids,
            Observations observations,
            long largest) {
        this.endpoint = endpoint;
        this.paths = paths;
        this.devices = devices;
        this.ids = ids;
        this.observations = observations;
        this.largest = largest;
    }

    /** Answers a request whose path is below the prefix; false for others. */
    boolean take(IncomingRequest request, List<String> path) {
        if (!paths.contain(path)) {
            return false;
        }
        Optional<TopicName> topic = paths.topicOf(path);
        if (topic.isEmpty()) {
            request.refuse(Answers.refusal(ResponseCode.BAD_REQUEST, "the path is no Topic Name that devices may use"));
            return true;
        }
        switch (request.method()) {
            case POST, PUT -> publish(request, topic.get());
            case GET -> read(request, topic.get());
            case DELETE ->
                request.refuse(Answers.refusal(ResponseCode.METHOD_NOT_ALLOWED, "topics take GET, POST and PUT"));
        }
        return true;
    }

    private void publish(IncomingRequest request, TopicName topic) {
        Message message;
        try {
            message = message(request, topic);
        } catch (RejectedMessageException refused) {
            request.refuse(Answers.refusal(ResponseCode.BAD_REQUEST, String.valueOf(refused.getMessage())));
            return;
        }
        request.guest()
                .publisher(devices.publisher())
                .offer(message, delivery -> request.answer(Answers.of(delivery, request.method(), false)));
    }

    private Message message(IncomingRequest request, TopicName topic) throws RejectedMessageException {
        PublishQuery query = PublishQuery.of(request);
        return new Message(
                ids.next(),
                topic,
                request.payload(),
                query.qos(),
                query.retain(),
                properties(request.options()),
                new Origin.Device(
                        new ClientId("coap:" + endpoint + ":" + request.caller()),
                        request.guest().username()),
                System.currentTimeMillis());
    }

    /** What CoAP has fields for, and the mark against circles. */
    private static MessageProperties properties(OptionSet options) throws RejectedMessageException {
        MessageProperties properties = MessageHeaders.read(
                        false, Map.of(), MessageOptions.lookup(MessageOptions.read(options)))
                .properties();
        return AnswerProperties.withContentType(properties, AnswerProperties.contentType(options))
                .withExpirySeconds(options.hasMaxAge() ? options.getMaxAge() : null);
    }

    private void read(IncomingRequest request, TopicName topic) {
        if (!request.guest().mayRead(topic)) {
            request.refuse(Answers.refusal(ResponseCode.FORBIDDEN, "the caller may not read there"));
        } else if (request.exchange().getRequest().isObserve()) {
            observations.observe(request, topic, () -> contentOf(request, devices.retained(topic), true));
        } else {
            observations.cancel(request);
            request.answer(contentOf(request, devices.retained(topic), false));
        }
    }

    private Response contentOf(IncomingRequest request, @Nullable Message message, boolean observing) {
        if (message == null) {
            return observing
                    ? new Response(ResponseCode.CONTENT)
                    : Answers.refusal(ResponseCode.NOT_FOUND, "the topic has no Retained Message");
        }
        if (message.payload().size() > largest) {
            return Answers.refusal(ResponseCode.INTERNAL_SERVER_ERROR, "the message is too large for CoAP");
        }
        Response response = Observations.contentOf(message);
        OptionSet asked = request.options();
        boolean isOther = asked.hasAccept()
                && response.getOptions().hasContentFormat()
                && asked.getAccept() != response.getOptions().getContentFormat();
        return isOther
                ? Answers.refusal(ResponseCode.NOT_ACCEPTABLE, "the message has another content type")
                : response;
    }
}
