// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A route that ends at the devices: {@code to: {mqtt: {topic: "sensors/{key}/commands"}}}. */
@Description("Publishes each message to the devices that subscribe to its Topic Name.")
public record ToDevices(
        @Description("Topic Name. A filled-in value may not contain `+` or `#`, nor `/` unless it is the whole Topic"
                + " Name; the result may not start with `$`.")
        Template topic,

        @Description("QoS of the PUBLISH: 0, 1 or 2, or `keep` for what the message came with. A subscription may lower"
                + " it.")
        @DefaultValue("1")
        QosChoice qos,

        @Description("Whether the message is kept as the Retained Message of its Topic Name: true, false, or `keep` for"
                + " what the message came with.")
        @DefaultValue("false")
        RetainChoice retain,

        @Description("How long the message is worth delivering (Message Expiry Interval); without it, as long as the"
                + " message itself says. At least 1s.")
        @Nullable Duration expiry,

        @Description("Where the device answers when it is asked (`reply` of the route's `from`) and cannot be told a"
                + " Response Topic, as with MQTT 3.1.1: one request at a time for each such Topic Name. By default the"
                + " Response Topic is `gantry/answers/` and a number nobody can guess.")
        @Nullable Template answerTopic) {

    private static final long LONGEST_EXPIRY_SECONDS = 0xFFFF_FFFFL;

    public ToDevices {
        check("topic", topic);
        if (answerTopic != null) {
            check("answer-topic", answerTopic);
        }
        if (expiry != null && (expiry.toSeconds() < 1 || expiry.toSeconds() > LONGEST_EXPIRY_SECONDS)) {
            throw new InvalidSettingException(
                    "expiry", "must be 1s to " + LONGEST_EXPIRY_SECONDS + "s, was " + expiry.toMillis() + "ms");
        }
    }

    private static void check(String key, Template template) {
        try {
            DeviceTopic.check(template);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidSettingException(key, String.valueOf(wrong.getMessage()));
        }
    }
}
