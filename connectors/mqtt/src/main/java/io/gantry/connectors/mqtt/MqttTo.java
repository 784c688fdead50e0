// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.TopicName;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;

/** What a route's {@code to} wants of another broker: the Topic Name, QoS and retain flag of each message. */
@Description("Publishes each message to the broker, with all its MQTT 5 properties and what is left of its expiry.")
public record MqttTo(
        @Description(
                "Topic Name there. `{topic}` is the message's own, also behind a prefix: `plant1/{topic}`. Any other"
                        + " filled-in value may not contain `/` unless it is the whole Topic Name, and none may contain `+` or"
                        + " `#`; the result may not start with `$` where that is filled in. What does not fit is rejected.")
        Template topic,

        @Description("QoS of the PUBLISH: `0`, `1`, `2`, or `keep` for the message's own.") @DefaultValue("keep")
        QosChoice qos,

        @Description(
                "Whether the broker keeps the message as the Retained Message of its Topic Name: `true`, `false`, or"
                        + " `keep` for what the message itself says.")
        @DefaultValue("keep")
        RetainChoice retain) {

    public MqttTo {
        for (String fixed : topic.fixedTexts()) {
            if (TopicName.parse(fixed).isEmpty()) {
                throw new InvalidSettingException(
                        "topic", "must be a Topic Name without '+', '#' and control characters, was '" + topic + "'");
            }
        }
        if (topic.toString().isEmpty()) {
            throw new InvalidSettingException("topic", "must not be empty");
        }
    }
}
