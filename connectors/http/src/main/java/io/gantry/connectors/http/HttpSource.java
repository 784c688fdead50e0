// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Makes each request a message, and what becomes of that the answer. */
final class HttpSource implements CamelSource {
    private final String endpointName;
    private final String route;
    private final Endpoint endpoint;
    private final HttpFrom settings;
    private final MessageId.Sequence ids;
    private final RecentKeys keys;

    HttpSource(
            String endpointName,
            String route,
            Endpoint endpoint,
            HttpFrom settings,
            MessageId.Sequence ids,
            RecentKeys keys) {
        this.endpointName = endpointName;
        this.route = route;
        this.endpoint = endpoint;
        this.settings = settings;
        this.ids = ids;
        this.keys = keys;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Entrance next) {
        ReceivedRequest request = (ReceivedRequest) exchange.getMessage().getBody();
        exchange.getMessage().setBody(null);
        try {
            Message message = message(request);
            if (!request.guest().mayPublish(message)) {
                next.refused();
                request.answer(HttpAnswer.error(403, "the caller may not publish there"));
                callback.done(true);
                return true;
            }
            Optional<HttpAnswer> known = settings.reply() ? Optional.empty() : keys.begin(route, request);
            if (known.isEmpty()) {
                next.offer(message, delivery -> {
                    if (!settings.reply()) {
                        keys.end(route, request, delivery instanceof Delivery.Accepted);
                    }
                    request.answer(DeliveryAnswers.of(delivery, settings.properties()));
                    callback.done(false);
                });
                return false;
            }
            if (known.get().status() >= 400) {
                next.refused();
            }
            request.answer(known.get());
        } catch (RejectedMessageException wrong) {
            next.refused();
            request.answer(HttpAnswer.error(400, wrong.asDelivery().reason()));
        }
        callback.done(true);
        return true;
    }

    private Message message(ReceivedRequest request) throws RejectedMessageException {
        Map<String, String> headers = request.headers().forMqtt();
        MessageHeaders.Carried carried = MessageHeaders.read(
                settings.properties(), settings.userProperties(), name -> headers.get(name.toLowerCase(Locale.ROOT)));
        TopicName named = carried.topic();
        Qos qos = carried.qos();
        return new Message(
                ids.next(),
                named == null ? topicOf(request.path()) : named,
                request.body(),
                qos == null ? Qos.AT_LEAST_ONCE : qos,
                carried.retain(),
                properties(carried.properties(), headers.get("content-type")),
                new Origin.Endpoint(endpointName, null, values(request)),
                System.currentTimeMillis());
    }

    /** The path as other connectors would write it, in which every request has a Topic Name and no two have the same. */
    private static TopicName topicOf(List<String> path) {
        return new TopicName(path.stream().map(UrlText::encode).collect(Collectors.joining("/")));
    }

    private static MessageProperties properties(MessageProperties carried, @Nullable String contentType) {
        boolean saysNothing = contentType == null || contentType.equalsIgnoreCase(MediaType.BYTES);
        return carried.contentType() != null || saysNothing
                ? carried
                : new MessageProperties(
                        carried.payloadFormat(),
                        carried.expirySeconds(),
                        contentType,
                        carried.responseTopic(),
                        carried.correlationData(),
                        carried.userProperties());
    }

    /** What templates may name: what the route's own path says first, so that no header passes for it. */
    private List<UserProperty> values(ReceivedRequest request) {
        List<UserProperty> values = new ArrayList<>();
        List<String> names = settings.path().names();
        List<String> captured = settings.path().captured(request.path());
        for (int i = 0; i < names.size(); i++) {
            values.add(new UserProperty("path." + names.get(i), captured.get(i)));
        }
        request.query()
                .forEach(parameter -> values.add(new UserProperty("query." + parameter.name(), parameter.value())));
        values.addAll(request.headers().ofMessage());
        return values;
    }
}
