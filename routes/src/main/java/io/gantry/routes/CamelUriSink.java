// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Sends the payload, and the headers that the YAML names, to any Camel component. */
final class CamelUriSink implements CamelSink {
    private static final int LONGEST_VALUE = 8_192;

    private final Endpoint endpoint;
    private final CamelTo settings;
    private final @Nullable CloudService service;

    /** To a cloud service, or to whatever the URI names when that is null. */
    CamelUriSink(Endpoint endpoint, CamelTo settings, @Nullable CloudService service) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.service = service;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException {
        Map<String, String> headers = headers(message, values);
        headers.forEach(exchange.getMessage()::setHeader);
        Payload payload = settings.base64()
                ? Payload.owning(Base64.getEncoder().encode(message.payload().sharedBytes()))
                : message.payload();
        if (service == null) {
            // A copy, since nobody knows what an unknown component does with the array.
            exchange.getMessage().setBody(payload.sharedBytes().clone());
        } else {
            // Who does not know a repetition by its id knows it by nothing.
            exchange.setExchangeId(message.id().toString());
            service.place(payload, key(message, values), exchange);
        }
    }

    private Map<String, String> headers(Message message, Values values) throws RejectedMessageException {
        Map<String, String> headers = new LinkedHashMap<>();
        settings.headers().forEach((name, value) -> {
            String text = value.render(values);
            if (text != null) {
                headers.put(name, text);
            }
        });
        MessageHeaders.write(message, settings.properties(), System.currentTimeMillis(), (name, value) -> {
            if (service == null || service.carries(name)) {
                headers.put(name, value);
            }
        });
        for (String value : headers.values()) {
            if (value.length() > LONGEST_VALUE || value.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
                throw new RejectedMessageException(
                        ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a header out of this message");
            }
        }
        return headers;
    }

    /** The Topic Name where the YAML names none. */
    private String key(Message message, Values values) throws RejectedMessageException {
        Template key = settings.key();
        if (key == null) {
            return service instanceof AwsKinesis ? message.topic().value() : "";
        }
        String text = key.render(values);
        if (text == null) {
            throw new RejectedMessageException(
                    ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a key out of this message");
        }
        return text;
    }

    @Override
    public Delivery outcomeOf(Throwable failure) {
        return CamelFailures.outcomeOf(failure);
    }
}
