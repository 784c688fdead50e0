// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** Which request a message becomes: the YAML says which, the message only fills in values. */
final class RequestChoice {
    private static final String ID = "Idempotency-Key";
    private static final int LONGEST_TARGET = 2_048;

    private final TargetUrl target;
    private final HttpTo settings;
    private final PathTemplate path;
    private final HeaderChoice headers;
    private final @Nullable URI fixed;

    RequestChoice(TargetUrl target, HttpTo settings) {
        this.target = target;
        this.settings = settings;
        this.path = PathTemplate.of(settings.path());
        this.headers = new HeaderChoice(settings.headers());
        this.fixed =
                path.isFixed() && settings.query().isEmpty() ? URI.create(target.prefix() + settings.path()) : null;
    }

    PreparedRequest of(Message message, Values values) throws RejectedMessageException {
        List<Header> all = headers.of(values);
        all.add(new BasicHeader(ID, message.id().toString()));
        if (settings.method().hasBody()) {
            all.add(new BasicHeader(HttpHeaders.CONTENT_TYPE, contentType(message, values)));
        }
        return new PreparedRequest(settings.method(), fixed == null ? url(values) : fixed, all, message.payload());
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
