// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** Which request a message becomes: the YAML says which, the message only fills in values. */
final class RequestChoice {
    private static final int LONGEST_PROPERTY = 8_192;
    private static final int LONGEST_TARGET = 2_048;

    private final TargetUrl target;
    private final HttpTo settings;
    private final PathTemplate path;
    private final HeaderChoice headers;
    private final Clock clock;
    private final @Nullable URI fixed;

    /**
     * For one route.
     *
     * @param clock tells what is left of a message's time
     */
    RequestChoice(TargetUrl target, HttpTo settings, Clock clock) {
        this.clock = clock;
        this.target = target;
        this.settings = settings;
        this.path = PathTemplate.of(settings.path());
        this.headers = new HeaderChoice(settings.headers());
        this.fixed =
                path.isFixed() && settings.query().isEmpty() ? URI.create(target.prefix() + settings.path()) : null;
    }

    PreparedRequest of(Message message, Values values) throws RejectedMessageException {
        List<Header> all = headers.of(values);
        if (settings.method().hasBody()) {
            all.add(new BasicHeader(HttpHeaders.CONTENT_TYPE, contentType(message, values)));
        }
        addProperties(message, all);
        return new PreparedRequest(
                settings.method(),
                fixed == null ? url(values) : fixed,
                all,
                message.id().toString(),
                body(message),
                settings.compression());
    }

    private void addProperties(Message message, List<Header> all) throws RejectedMessageException {
        int before = all.size();
        MessageHeaders.write(
                message,
                settings.properties(),
                clock.millis(),
                (name, value) -> all.add(new BasicHeader(name, AsciiText.encode(value))));
        for (Header header : all.subList(before, all.size())) {
            if (header.getValue().length() > LONGEST_PROPERTY) {
                throw new RejectedMessageException(
                        ReasonCode.PACKET_TOO_LARGE, "a property of the message is too long for an HTTP header");
            }
        }
    }

    private Payload body(Message message) throws RejectedMessageException {
        if (settings.body() == HttpTo.Body.JSON) {
            return JsonBody.of(message);
        }
        if (settings.batch() != null && !JsonText.isWellFormed(message.payload().sharedBytes())) {
            throw new RejectedMessageException(
                    ReasonCode.PAYLOAD_FORMAT_INVALID,
                    "the payload is not JSON, of which the route's batches are made");
        }
        return message.payload();
    }

    private URI url(Values values) throws RejectedMessageException {
        String filledIn = path.render(values);
        String query = query(values);
        if (filledIn == null || filledIn.length() + query.length() > LONGEST_TARGET) {
            throw new RejectedMessageException(
                    ReasonCode.TOPIC_NAME_INVALID,
                    "the route cannot make the path of an HTTP request out of this message");
        }
        return URI.create(target.prefix() + filledIn + query);
    }

    private String query(Values values) {
        StringBuilder query = new StringBuilder();
        for (Map.Entry<String, Template> parameter : settings.query().entrySet()) {
            String value = parameter.getValue().render(values);
            if (value != null) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(UrlText.encode(parameter.getKey()))
                        .append('=')
                        .append(UrlText.encode(value));
            }
        }
        return query.toString();
    }

    private String contentType(Message message, Values values) throws RejectedMessageException {
        if (settings.contentType() == null && settings.batch() != null) {
            return settings.batch().format().contentType();
        }
        if (settings.contentType() == null && settings.body() == HttpTo.Body.JSON) {
            return MediaType.JSON;
        }
        if (settings.contentType() == null) {
            String own = message.properties().contentType();
            return own != null && MediaType.isWellFormed(own) ? own : MediaType.BYTES;
        }
        String chosen = settings.contentType().render(values);
        if (chosen == null || !MediaType.isWellFormed(chosen)) {
            throw new RejectedMessageException(
                    ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a content type out of this message");
        }
        return chosen;
    }
}
