// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** What a route makes of the answers of a service, when they go back to devices. */
final class Answers {
    private final boolean properties;

    /** For a route. @param properties whether headers {@code mqtt-…} are believed */
    Answers(boolean properties) {
        this.properties = properties;
    }

    /**
     * The answer to a message.
     *
     * @throws OutcomeException when it is none that can be handed on
     */
    Answer of(Response response) throws OutcomeException {
        String encoding = header(response, HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new OutcomeException(
                    new Delivery.Rejected(
                            ReasonCode.PAYLOAD_FORMAT_INVALID,
                            "the HTTP service's answer is compressed, which nobody asked for"),
                    "compressed answer");
        }
        MessageProperties told = told(response);
        String type = header(response, HttpHeaders.CONTENT_TYPE);
        boolean isUsable = told.contentType() == null && type != null && MediaType.isWellFormed(type);
        return new Answer(
                response.body(),
                new MessageProperties(
                        told.payloadFormat(),
                        null,
                        isUsable ? type : told.contentType(),
                        null,
                        null,
                        told.userProperties()));
    }

    private MessageProperties told(Response response) throws OutcomeException {
        if (!properties) {
            return MessageProperties.NONE;
        }
        try {
            return MessageHeaders.read(true, Map.of(), name -> {
                        String value = header(response, name);
                        return value == null ? null : AsciiText.decode(value);
                    })
                    .properties();
        } catch (RejectedMessageException wrong) {
            throw new OutcomeException(wrong.asDelivery(), "wrong properties of an answer");
        }
    }

    private static @Nullable String header(Response response, String name) {
        Header header = response.head().getFirstHeader(name);
        return header == null ? null : header.getValue();
    }
}
