// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.connectors.spi.Template;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route's {@code to} wants of a Camel component. */
@Description("Sends to any Camel component on the class path, or to a cloud service. The body is the payload.")
public record CamelTo(
        @Description("Camel endpoint URI, used as it stands: nothing of a message is filled in. At an endpoint with a"
                + " preset: the name of the queue, stream or topic.")
        String uri,

        @Description("Only with a preset: partition key of aws-kinesis, there the message's topic when left out;"
                + " message group of an SQS queue that ends in `.fifo`, where it is required; ordering key of"
                + " google-pubsub.")
        @Nullable Template key,

        @Description("Headers. Their names are fixed here; one whose value the message does not have is left out. A"
                + " header that a Camel component obeys may only have a fixed text. A message that would give one a"
                + " control character, or more than 8192 characters, is rejected.")
        @DefaultValue("{}")
        Map<String, Template> headers,

        @Description("Whether everything MQTT says about the message goes along, as headers `mqtt-…`.")
        @DefaultValue("false")
        boolean properties,

        @Description("Whether the payload is sent in Base64, for targets that carry only text.") @DefaultValue("false")
        boolean base64) {

    public CamelTo {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        CamelHeaderNames.check(headers);
    }

    /** All defaults. */
    public CamelTo(String uri) {
        this(uri, null, Map.of(), false, false);
    }
}
