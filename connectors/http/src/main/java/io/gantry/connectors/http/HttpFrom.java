// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RequestSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a route's {@code from} wants of an HTTP endpoint that listens: which requests, and how they are answered. */
@Description(
        "Takes requests, each of which is a message; its payload is the body. Answered 202 when the message is taken,"
                + " or with what the device answers. Templates may use `{path.NAME}`, `{query.NAME}` and `{header.NAME}`, the"
                + " names of headers in lower case; `{topic}` is the path without its first slash.")
public record HttpFrom(
        @Description("Path; `{name}` stands for one whole segment, as in `/devices/{device}/commands`. No two routes"
                + " may take the same request.")
        PathPattern path,

        @Description("Method: `POST`, `PUT`, `PATCH`, `DELETE`, or `GET`, which needs `reply`.") @DefaultValue("POST")
        Method method,

        @Description("Whether the caller waits for the device's answer: 200 with its payload, or 504 when none comes in"
                + " time.")
        @DefaultValue("false")
        boolean reply,

        @Description("How long the device may take to answer; 1ms to 10m.") @DefaultValue("30s")
        Duration replyTimeout,

        @Description("Whether the `mqtt-…` headers of a request are believed, as another Gantry sends them; then"
                + " `{topic}` is what `mqtt-topic` says. Anybody who may call can set them.")
        @DefaultValue("false")
        boolean properties,

        @Description("User Properties of the message by name, each with the header whose value it has; one that a"
                + " request does not have is left out.")
        @DefaultValue("{}")
        Map<String, String> userProperties)
        implements RequestSettings {

    public HttpFrom {
        if (method == Method.GET && !reply) {
            throw new InvalidSettingException(
                    "method", "must not be GET without reply: true: a GET asks for an answer");
        }
        within("reply-timeout", replyTimeout, Duration.ofMillis(1), Duration.ofMinutes(10));
        userProperties.forEach((name, header) -> {
            if (!RequestHeaders.isName(header) || RequestHeaders.isSecret(header)) {
                throw new InvalidSettingException(
                        "user-properties",
                        "must name a header that may be passed on, '" + name + "' has '" + header + "'");
            }
        });
        userProperties = Collections.unmodifiableMap(new LinkedHashMap<>(userProperties));
    }

    /** Whether some request would be both routes'. */
    boolean overlaps(HttpFrom other) {
        return method == other.method && path.overlaps(other.path);
    }

    /** The methods that a route may take. */
    public enum Method {
        POST,
        PUT,
        PATCH,
        DELETE,
        GET;

        /**
         * Reads the key's value.
         *
         * @throws IllegalArgumentException when it is something else
         */
        public static Method fromText(String text) {
            return Arrays.stream(values())
                    .filter(method -> method.name().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be POST, PUT, PATCH, DELETE or GET, was '" + text + "'"));
        }
    }
}
