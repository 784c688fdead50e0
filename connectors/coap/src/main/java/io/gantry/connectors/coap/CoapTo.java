// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.ReplySettings;
import io.gantry.connectors.spi.Template;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route's {@code to} wants of a CoAP server: the request that each message becomes. */
@Description("Sends each message as a CoAP request; its body is the payload, in several blocks where it is large.")
public record CoapTo(
        @Description(
                "Path. Each segment is an option of 1 to 255 bytes. A filled-in value stays within its segment: `/`,"
                        + " `%` and control characters in it are percent-encoded, and a message that would make a segment empty,"
                        + " `.`, `..` or longer is rejected.")
        Template path,

        @Description("Method: `POST`, `PUT`, or `GET` and `DELETE`, which send no body.") @DefaultValue("POST")
        CoapMethod method,

        @Description(
                "Query, by name: each is an option `name=value` of at most 255 bytes. In a filled-in value `&`, `%`"
                        + " and control characters are percent-encoded. A name whose value the message does not have is left"
                        + " out.")
        @DefaultValue("{}")
        Map<String, Template> query,

        @Description("Whether the server must acknowledge: `by-qos` for QoS 1 and 2 (CON, sent again until it has), not"
                + " for QoS 0 (NON, sent once and then taken for delivered); `always`; `never`. Requests of several"
                + " blocks, and those that wait for a reply, always are.")
        @DefaultValue("by-qos")
        Confirmable confirmable,

        @Description(
                "Content type of the body, one that has a number in the registry of CoAP. Left out, it is the Content"
                        + " Type of the message when that has one.")
        @Nullable String contentType,

        @Description("Whether everything that MQTT says about the message goes along, in options of number"
                + " 65104, and whether those of an answer are believed.")
        @DefaultValue("false")
        boolean properties,

        @Description("Whether the answer's payload goes back to the device that asked.") @DefaultValue("false")
        boolean reply,

        @Description("Topic Name for the answer to a request that has no Response Topic; left out, it gets none.")
        @Nullable Template replyTopic)
        implements ReplySettings {

    public CoapTo {
        try {
            PathTemplate.of(path);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidSettingException("path", wrong.getMessage() + ", was '" + path + "'");
        }
        query.forEach((name, value) -> {
            if (name.isEmpty() || !OptionText.isPlain(name) || name.indexOf('=') >= 0) {
                throw new InvalidSettingException(
                        "query", "must have names without '=', '&', '%' and control characters, was '" + name + "'");
            }
            if (!value.fixedTexts().stream().allMatch(OptionText::isPlain)) {
                throw new InvalidSettingException(
                        "query", "must have values without '&', '%' and control characters, '" + name + "' has not");
            }
        });
        if (contentType != null && ContentFormats.numberOf(contentType) == null) {
            throw new InvalidSettingException(
                    "content-type",
                    "must be one that CoAP has a number for, such as application/json, was '" + contentType + "'");
        }
        if (reply && confirmable == Confirmable.NEVER) {
            throw new InvalidSettingException("confirmable", "must not be never with reply: true");
        }
        if (replyTopic != null && !reply) {
            throw new InvalidSettingException("reply-topic", "needs reply: true");
        }
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    /** Which requests the server must acknowledge. */
    public enum Confirmable {
        BY_QOS,
        ALWAYS,
        NEVER
    }
}
