// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.ReplySettings;
import io.gantry.connectors.spi.Template;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a route's {@code to} wants of an HTTP service: the request that each message becomes. */
@Description(
        "Sends each message as an HTTP request. The header `Idempotency-Key` is the message's id, the same at every"
                + " attempt; that of a batch is made of the ids of its messages.")
public record HttpTo(
        @Description("Path, put behind the endpoint's url. A filled-in value stays within its segment: it is"
                + " percent-encoded, and a message that would make a segment empty, `.` or `..` is rejected, as is one"
                + " whose path and query together exceed 2048 characters. `\"\"` is the endpoint's url itself.")
        Template path,

        @Description("Method: `POST`, `PUT`, `PATCH`, or `GET`, `HEAD`, `OPTIONS`, `DELETE`, which send no body.")
        @DefaultValue("POST")
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
                + " type, otherwise `application/octet-stream`; of a JSON body and of a batch, what they are.")
        @Nullable Template contentType,

        @Description("What the body is: `raw`, the payload as it came, or `json`, an object of `id`, `topic`, `qos`,"
                + " `retain`, `received`, `client`, `contentType`, `user` and the payload, as `payload` when it is JSON, as"
                + " `text` when it is UTF-8, otherwise as `base64`.")
        @DefaultValue("raw")
        Body body,

        @Description("`gzip` compresses the body; not every service takes that.") @DefaultValue("none")
        Compression compression,

        @Description(
                "Whether what MQTT says about the message goes along in headers `mqtt-…`, percent-encoded; and whether"
                        + " such headers of an answer are believed.")
        @DefaultValue("false")
        boolean properties,

        @Description("Several messages in one request. Each must be JSON; one that is not is rejected alone.") @Nullable BatchSettings batch,

        @Description("Whether the body of the answer goes back to the device that asked.") @DefaultValue("false")
        boolean reply,

        @Description("Where the answer is published when the message has no Response Topic.") @Nullable Template replyTopic)
        implements ReplySettings {

    public HttpTo {
        try {
            PathTemplate.of(path);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidSettingException("path", wrong.getMessage() + ", was '" + path + "'");
        }
        if (query.containsKey("")) {
            throw new InvalidSettingException("query", "must not have an empty name");
        }
        HeaderChoice.check(headers, compression);
        if (contentType != null && contentType.isFixed() && !MediaType.isWellFormed(contentType.toString())) {
            throw new InvalidSettingException(
                    "content-type", "must be a media type such as application/json, was '" + contentType + "'");
        }
        if (replyTopic != null && !reply) {
            throw new InvalidSettingException("reply-topic", "must be given together with reply: true");
        }
        if (!method.hasBody() && (body != Body.RAW || compression != Compression.NONE || batch != null)) {
            throw new InvalidSettingException(
                    "method", "must be POST, PUT or PATCH with body, compression or batch, was " + method);
        }
        if (batch != null) {
            checkBatch(path, query, headers, contentType);
            if (reply) {
                throw new InvalidSettingException(
                        "batch", "must not be given together with reply: an answer is one message's");
            }
            if (properties) {
                throw new InvalidSettingException(
                        "batch",
                        "must not be given together with properties: a request has one set of headers; body: json puts"
                                + " them into the body");
            }
        }
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** All messages of a batch share what is outside the body. */
    private static void checkBatch(
            Template path, Map<String, Template> query, Map<String, Template> headers, @Nullable Template contentType) {
        Stream<Template> shared = Stream.of(Stream.of(path), query.values().stream(), headers.values().stream())
                .flatMap(templates -> templates);
        Stream<Template> all = contentType == null ? shared : Stream.concat(shared, Stream.of(contentType));
        all.filter(template -> !template.isFixed()).findFirst().ifPresent(template -> {
            throw new InvalidSettingException(
                    "batch",
                    "must not be given together with a {name} in path, query, headers or content-type, which all messages"
                            + " of a batch share, was '" + template + "'");
        });
    }

    /** What the body is made of. */
    public enum Body {
        RAW,
        JSON
    }

    /** How the body is packed. */
    public enum Compression {
        NONE,
        GZIP
    }

    /** The methods; none that opens a tunnel or gives back what was sent. */
    public enum Method {
        GET,
        HEAD,
        OPTIONS,
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
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE, was '" + text + "'"));
        }

        /** Whether a request of the method carries the payload. */
        boolean hasBody() {
            return this == POST || this == PUT || this == PATCH;
        }
    }
}
