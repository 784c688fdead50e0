// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RequestSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a route's {@code from} wants of a listening CoAP endpoint: which requests become messages. */
@Description(
        "Takes CoAP requests. One is answered with 2.04 when the message is stored or delivered, as the route says,"
                + " and with 4.xx or 5.xx when it is refused. No part of a request chooses anything by itself: its path, query"
                + " and options are values that templates may use.")
public record CoapFrom(
        @Description("Path of the requests, such as `devices/{device}/ask`. A segment in braces is any one segment, and"
                + " its value is `{path.NAME}` in templates; a query `x=y` is `{query.x}`.")
        String path,

        @Description(
                "Methods that are taken, one or a list of `GET`, `POST`, `PUT` and `DELETE`; others are refused with"
                        + " 4.05.")
        @DefaultValue("[POST, PUT]")
        List<CoapMethod> methods,

        @Description(
                "Whether the caller is given the device's answer, instead of being told that the request was taken.")
        @DefaultValue("false")
        boolean reply,

        @Description("How long the device may take to answer; then the caller gets 5.04. 100ms to 10m.")
        @DefaultValue("30s")
        Duration replyTimeout,

        @Description("Whether options of number 65104 are believed that say what MQTT says about a message. Only for"
                + " callers that are trusted.")
        @DefaultValue("false")
        boolean properties,

        @Description("User Properties, each by the value of which it is made, such as `query.site` or `path.device`.")
        @DefaultValue("{}")
        Map<String, String> userProperties)
        implements RequestSettings {

    public CoapFrom {
        PathPattern.parse(path);
        if (methods.isEmpty()) {
            throw new InvalidSettingException("methods", "must name at least one method");
        }
        methods = List.copyOf(methods);
        within("reply-timeout", replyTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        userProperties = Collections.unmodifiableMap(new LinkedHashMap<>(userProperties));
    }
}
