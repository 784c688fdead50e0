// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.ReplySettings;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route's {@code to} wants of an AMQP broker: which address, and what the message carries besides the payload. */
@Description("Sends each message to an address of the broker. Text (`text/…`, JSON, XML, or Payload Format 1) is a JMS"
        + " TextMessage there, anything else a BytesMessage.")
public record AmqpTo(
        @Description(
                "Address: the name of a queue or topic. In a filled-in value each byte other than a-z, A-Z, 0-9 and"
                        + " minus becomes _ and two hexadecimal digits; at most 1000 different addresses are made.")
        Template address,

        @Description("What the address is, for brokers that tell the two apart: `queue` or `topic`.")
        @DefaultValue("queue")
        AddressKind kind,

        @Description("Whether the broker keeps the message when it is restarted: `true`, `false`, or `by-qos`, which is"
                + " true for QoS 1 and 2.")
        @DefaultValue("by-qos")
        Durable durable,

        @Description("Priority, 0 to 9.") @DefaultValue("4") int priority,

        @Description("Message group (JMSXGroupID): a broker that knows groups gives all messages of one to the same"
                + " reader. `\"{client}\"` keeps each device's order among several readers. At most 255 characters.")
        @Nullable Template group,

        @Description(
                "Application properties, text all of them. Their names are fixed here and must be names JMS allows:"
                        + " a letter or _, then letters, digits and _. One whose value the message does not have is left out.")
        @DefaultValue("{}")
        Map<String, Template> headers,

        @Description("Whether everything MQTT says about the message goes along, as application properties mqtt_topic,"
                + " mqtt_qos and so on; and whether those of an answer are believed.")
        @DefaultValue("false")
        boolean properties,

        @Description("Whether the answer goes back to the device that asked.") @DefaultValue("false")
        boolean reply,

        @Description("Where the answer is published when the request has no Response Topic.") @Nullable Template replyTopic,

        @Description("Queue for answers, which nobody else may read. Left out, it is a temporary one, which the broker"
                + " must be able to make.")
        @Nullable String replyAddress,

        @Description("How long an answer may take.") @DefaultValue("30s")
        Duration replyTimeout)
        implements ReplySettings {

    private static final int HIGHEST_PRIORITY = 9;

    public AmqpTo {
        if (!address.fixedTexts().stream().allMatch(Addresses::isLegal)) {
            throw new InvalidSettingException(
                    "address", "must consist of visible ASCII characters without a blank, was '" + address + "'");
        }
        if (address.isFixed() && !Addresses.fits(address.toString())) {
            throw new InvalidSettingException("address", "must be 1 to " + Addresses.LONGEST + " characters");
        }
        if (priority < 0 || priority > HIGHEST_PRIORITY) {
            throw new InvalidSettingException("priority", "must be 0 to " + HIGHEST_PRIORITY + ", was " + priority);
        }
        PropertyNames.check(headers);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        if (!reply && (replyTopic != null || replyAddress != null)) {
            throw new InvalidSettingException(
                    replyTopic != null ? "reply-topic" : "reply-address", "must not be given without reply: true");
        }
        if (replyAddress != null && !(Addresses.isLegal(replyAddress) && Addresses.fits(replyAddress))) {
            throw new InvalidSettingException(
                    "reply-address",
                    "must be 1 to " + Addresses.LONGEST + " visible ASCII characters without a blank, was '"
                            + replyAddress + "'");
        }
        within("reply-timeout", replyTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    /** Whether the broker keeps a message when it is restarted. */
    public enum Durable {
        TRUE,
        FALSE,
        BY_QOS
    }
}
