// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How large a message may be for a service that closes the connection over a larger one.
 *
 * @param topicBytes of a Topic Name or Filter in UTF-8
 * @param slashes in a Topic Name or Filter
 * @param payloadBytes of a payload
 * @param filters in one subscription
 */
record TopicLimits(int topicBytes, int slashes, int payloadBytes, int filters) {
    /** As far as MQTT goes. */
    static final TopicLimits NONE = new TopicLimits(Texts.LONGEST, Texts.LONGEST, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** AWS does not count what leads to a rule. */
    private static final Pattern TO_A_RULE = Pattern.compile("\\$aws/rules/[^/]+/");

    void checkFilters(List<String> given, MqttEndpointSettings settings) {
        if (given.size() > filters) {
            throw new InvalidSettingException(
                    "filter",
                    "must be at most " + filters + " Topic Filters with preset " + settings.preset() + ", was "
                            + given.size());
        }
        given.forEach(filter -> check("filter", filter, settings));
    }

    /** What is fixed of a template; the rest is checked with each message. */
    void checkTemplate(Template topic, MqttEndpointSettings settings) {
        check("topic", String.join("", topic.fixedTexts()), settings);
    }

    private void check(String key, String text, MqttEndpointSettings settings) {
        String counted = counted(text);
        if (slashesOf(counted) > slashes || counted.getBytes(UTF_8).length > topicBytes) {
            throw new InvalidSettingException(
                    key,
                    "must have at most " + slashes + " slashes and " + topicBytes + " bytes with preset "
                            + settings.preset() + ", was '" + text + "'");
        }
    }

    /** Refuses a message that the service would answer by closing the connection. */
    void check(String topic, Payload payload) throws RejectedMessageException {
        if (payloadBytes == Integer.MAX_VALUE) {
            return;
        }
        String counted = counted(topic);
        if (slashesOf(counted) > slashes || counted.getBytes(UTF_8).length > topicBytes) {
            throw new RejectedMessageException(
                    ReasonCode.TOPIC_NAME_INVALID,
                    "the service takes Topic Names of at most " + slashes + " slashes and " + topicBytes + " bytes");
        }
        if (payload.size() > payloadBytes) {
            throw new RejectedMessageException(
                    ReasonCode.PACKET_TOO_LARGE, "the service takes at most " + payloadBytes + " bytes of payload");
        }
    }

    private static String counted(String topic) {
        return TO_A_RULE.matcher(topic).lookingAt() ? TO_A_RULE.matcher(topic).replaceFirst("") : topic;
    }

    private static long slashesOf(String topic) {
        return topic.chars().filter(c -> c == '/').count();
    }
}
