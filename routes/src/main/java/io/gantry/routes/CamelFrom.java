// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a route's {@code from} wants of a Camel component. */
@Description("Takes messages from any Camel component on the class path, or from a cloud service.")
public record CamelFrom(
        @Description("Camel endpoint URI, used as it stands. At an endpoint with a preset: the name of the queue or"
                + " subscription.")
        String uri,

        @Description("Whether payloads come in Base64.") @DefaultValue("false")
        boolean base64,

        @Description("Whether the headers `mqtt-…` are believed: topic, QoS, retain and the properties of the message"
                + " are then what they say.")
        @DefaultValue("false")
        boolean properties,

        @Description("User Properties by name, and the header each is made of.") @DefaultValue("{}")
        Map<String, String> userProperties) {

    public CamelFrom {
        userProperties = Collections.unmodifiableMap(new LinkedHashMap<>(userProperties));
    }

    /** All defaults. */
    public CamelFrom(String uri) {
        this(uri, false, false, Map.of());
    }
}
