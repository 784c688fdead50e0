// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ChangesOnly;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.TypeConversionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the body of each exchange from any Camel endpoint, and completes the exchange once the message has its outcome. */
final class CamelUriSource implements CamelSource {
    private static final Logger LOG = LoggerFactory.getLogger(CamelUriSource.class);
    private static final int MOST_UNANSWERED = 1_000;
    private static final long LONGEST_WAIT_SECONDS = 10;
    private static final int MOST_HEADERS = 64;
    private static final int LONGEST_HEADER = 8_192;

    private final String endpointName;
    private final String route;
    private final TopicName topic;
    private final Endpoint endpoint;
    private final CamelFrom settings;
    private final @Nullable CamelReach reach;
    private final MessageId.Sequence ids;
    private final Semaphore free = new Semaphore(MOST_UNANSWERED);
    private final ChangesOnly rejections = new ChangesOnly();

    /**
     * For one route.
     *
     * @param reach of a cloud service, which a rejected message is told to as taken; null where it is told as failed, so
     *     that the component does with it what its URI says
     */
    CamelUriSource(
            String endpointName,
            String route,
            Endpoint endpoint,
            CamelFrom settings,
            @Nullable CamelReach reach,
            MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.route = route;
        this.topic = TopicName.parse(route).orElseGet(() -> new TopicName(endpointName));
        this.endpoint = endpoint;
        this.settings = settings;
        this.reach = reach;
        this.ids = ids;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Entrance next) {
        if (reach != null) {
            reach.answered();
        }
        if (!hasRoom()) {
            next.refused();
            return ended(
                    new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "too many messages wait"), exchange, callback);
        }
        Message message;
        try {
            message = message(exchange);
        } catch (RejectedMessageException unreadable) {
            free.release();
            next.refused();
            return ended(unreadable.asDelivery(), exchange, callback);
        } catch (InvalidPayloadException | TypeConversionException notBytes) {
            free.release();
            next.refused();
            exchange.setException(notBytes);
            callback.done(true);
            return true;
        }
        next.offer(message, delivery -> {
            free.release();
            answer(delivery, exchange);
            callback.done(false);
        });
        return false;
    }

    /** Waits on the component's thread, so that it does not bring more than can be taken. */
    private boolean hasRoom() {
        try {
            return free.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean ended(Delivery delivery, Exchange exchange, AsyncCallback callback) {
        answer(delivery, exchange);
        callback.done(true);
        return true;
    }

    private void answer(Delivery delivery, Exchange exchange) {
        if (delivery instanceof Delivery.Rejected rejected && rejections.isNews(rejected.reason())) {
            LOG.atWarn()
                    .addKeyValue("endpoint", endpointName)
                    .addKeyValue("route", route)
                    .addKeyValue("cause", rejected.reason())
                    .log("a message from the endpoint is rejected");
        }
        boolean isTaken =
                delivery instanceof Delivery.Accepted || (reach != null && delivery instanceof Delivery.Rejected);
        if (!isTaken) {
            exchange.setException(new NotDeliveredException(delivery));
        }
        // Who asked for an answer is not sent back what they sent.
        exchange.getMessage().setBody(null);
    }

    private Message message(Exchange exchange) throws InvalidPayloadException, RejectedMessageException {
        MessageHeaders.Carried carried = MessageHeaders.read(
                settings.properties(),
                settings.userProperties(),
                name -> text(exchange.getMessage().getHeader(name)));
        return new Message(
                ids.next(),
                carried.topic() == null ? topic : carried.topic(),
                payloadOf(exchange),
                carried.qos() == null ? Qos.AT_LEAST_ONCE : carried.qos(),
                carried.retain(),
                carried.properties(),
                new Origin.Endpoint(endpointName, null, headersOf(exchange)),
                System.currentTimeMillis());
    }

    private Payload payloadOf(Exchange exchange) throws InvalidPayloadException, RejectedMessageException {
        if (exchange.getMessage().getBody() == null) {
            return Payload.EMPTY;
        }
        byte[] bytes = exchange.getMessage().getMandatoryBody(byte[].class);
        try {
            return Payload.owning(settings.base64() ? Base64.getDecoder().decode(bytes) : bytes.clone());
        } catch (IllegalArgumentException notBase64) {
            throw CloudService.rejected("the payload is not Base64");
        }
    }

    private static List<UserProperty> headersOf(Exchange exchange) {
        List<UserProperty> headers = new ArrayList<>();
        exchange.getMessage().getHeaders().forEach((name, value) -> {
            String text = text(value);
            if (text != null && text.length() <= LONGEST_HEADER && headers.size() < MOST_HEADERS) {
                headers.add(new UserProperty(name, text));
            }
        });
        return headers;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof CharSequence || value instanceof Number || value instanceof Boolean
                ? value.toString()
                : null;
    }
}
