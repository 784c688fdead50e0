// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Template;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route's {@code to} wants of an HTTP service: the request that each message becomes. */
@Description("Sends each message as an HTTP request; its body is the payload. The header `Idempotency-Key` is the"
        + " message's id, the same at every attempt.")
public record HttpTo(
        @Description("Path, put behind the endpoint's url. A filled-in value stays within its segment: it is"
                + " percent-encoded, and a message that would make a segment empty, `.` or `..` is rejected, as is one"
                + " whose path and query together exceed 2048 characters. `\"\"` is the endpoint's url itself.")
        Template path,

        @Description("Method: `POST`, `PUT`, `PATCH`, or `DELETE`, which sends no body.") @DefaultValue("POST")
        Method method,

        @Description("Query, by name; a filled-in value is percent-encoded. A name whose value the message does not"
                + " have is left out.")
        @DefaultValue("{}")
        Map<String, Template> query,

        @Description("Headers. Their names are fixed here; one whose value the message does not have is left out. A"
                + " message that would give one other than visible ASCII characters and blanks, or more than 8192 of"
                + " them, is rejected.")
        @DefaultValue("{}")
        Map<String, Template> headers,

        @Description("Content type of the body. Left out, it is the Content Type of the message when that is a media"
                + " type, otherwise `application/octet-stream`.")
        @Nullable Template contentType) {

    public HttpTo {
        try {
            PathTemplate.of(path);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidSettingException("path", wrong.getMessage() + ", was '" + path + "'");
        }
        if (query.containsKey("")) {
            throw new InvalidSettingException("query", "must not have an empty name");
        }
        HeaderChoice.check(headers);
        if (contentType != null && contentType.isFixed() && !MediaType.isWellFormed(contentType.toString())) {
            throw new InvalidSettingException(
                    "content-type", "must be a media type such as application/json, was '" + contentType + "'");
        }
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The methods that hand something over. */
    public enum Method {
        POST,
        PUT,
        PATCH,
        DELETE;

        /**
         * Reads the key's value.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Method fromText(String text) {
            return Arrays.stream(values())
                    .filter(method -> method.name().equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("must be POST, PUT, PATCH or DELETE, was '" + text + "'"));
        }

        /** Whether a request of the method carries the payload. */
        boolean hasBody() {
            return this != DELETE;
        }
    }
}
