// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A route that ends at the devices: {@code to: {mqtt: {topic: "sensors/{key}/commands"}}}. */
@Description("Publishes each message to the devices that subscribe to its Topic Name.")
public record ToDevices(
        @Description("Topic Name. A filled-in value may not contain `+` or `#`, nor `/` unless it is the whole Topic"
                + " Name; the result may not start with `$`.")
        Template topic,

        @Description("QoS of the PUBLISH: 0, 1 or 2. A subscription may lower it.") @DefaultValue("1")
        Qos qos,

        @Description("Whether the message is kept as the Retained Message of its Topic Name.") @DefaultValue("false")
        boolean retain,

        @Description("How long the message is worth delivering (Message Expiry Interval); without it, as long as the"
                + " message itself says. At least 1s.")
        @Nullable Duration expiry) {

    private static final long LONGEST_EXPIRY_SECONDS = 0xFFFF_FFFFL;

    public ToDevices {
        for (String fixed : topic.fixedTexts()) {
            if (TopicName.parse(fixed).isEmpty()) {
                throw new InvalidSettingException(
                        "topic", "must be a Topic Name without '+', '#' and U+0000, was '" + topic + "'");
            }
        }
        if (topic.toString().isEmpty() || topic.toString().startsWith("$")) {
            throw new InvalidSettingException("topic", "must not be empty or start with '$', was '" + topic + "'");
        }
        if (expiry != null && (expiry.toSeconds() < 1 || expiry.toSeconds() > LONGEST_EXPIRY_SECONDS)) {
            throw new InvalidSettingException(
                    "expiry", "must be 1s to " + LONGEST_EXPIRY_SECONDS + "s, was " + expiry.toMillis() + "ms");
        }
    }
}
