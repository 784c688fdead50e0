// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RequestSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.jms.selector.SelectorParser;
import org.apache.qpid.jms.selector.filter.FilterException;
import org.jspecify.annotations.Nullable;

/** What a route's {@code from} wants of an AMQP broker: which address, and how much of it at a time. */
@Description(
        "Reads an address of the broker. Each message is settled alone, once the route has answered for it: accepted;"
                + " rejected, so that the broker makes it a dead letter; or released, and tried again a while later.")
public record AmqpFrom(
        @Description("Address: the name of a queue or topic.")
        String address,

        @Description("What the address is: `queue` or `topic`.") @DefaultValue("queue")
        AddressKind kind,

        @Description(
                "Name of a durable, shared subscription to a topic: the broker keeps what comes while the gateway is"
                        + " away, and gateways with the same name share the messages. Left out, only what comes while connected"
                        + " is read.")
        @Nullable String subscription,

        @Description("Only messages that this JMS selector matches, such as `site = 'north'`.") @Nullable String selector,

        @Description("Messages the broker may send ahead; 1 to 10000.") @DefaultValue("200")
        int credit,

        @Description("Messages handed on but not yet settled; reading waits while there are as many. 1 to 100000.")
        @DefaultValue("1000")
        int maxInFlight,

        @Description("Whether what application properties mqtt_topic, mqtt_qos and so on say about the message is"
                + " believed; and whether a device's answer has them.")
        @DefaultValue("false")
        boolean properties,

        @Description("User Properties made of application properties: `NAME: PROPERTY`.") @DefaultValue("{}")
        Map<String, String> userProperties,

        @Description("Whether the sender is given the device's answer, at its reply-to address and with its correlation"
                + " id.")
        @DefaultValue("false")
        boolean reply,

        @Description("How long the device may take to answer.") @DefaultValue("30s")
        Duration replyTimeout)
        implements RequestSettings {

    private static final int MOST_CREDIT = 10_000;
    private static final int MOST_IN_FLIGHT = 100_000;

    public AmqpFrom {
        if (!Addresses.isLegal(address) || !Addresses.fits(address)) {
            throw new InvalidSettingException(
                    "address",
                    "must be 1 to " + Addresses.LONGEST + " visible ASCII characters without a blank, was '" + address
                            + "'");
        }
        if (subscription != null && kind != AddressKind.TOPIC) {
            throw new InvalidSettingException("subscription", "must not be given unless kind is topic");
        }
        if (subscription != null && subscription.isBlank()) {
            throw new InvalidSettingException("subscription", "must not be empty");
        }
        if (selector != null) {
            requireSelector(selector);
        }
        if (credit < 1 || credit > MOST_CREDIT) {
            throw new InvalidSettingException("credit", "must be 1 to " + MOST_CREDIT + ", was " + credit);
        }
        if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
            throw new InvalidSettingException(
                    "max-in-flight", "must be 1 to " + MOST_IN_FLIGHT + ", was " + maxInFlight);
        }
        userProperties = Collections.unmodifiableMap(new LinkedHashMap<>(userProperties));
        within("reply-timeout", replyTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    private static void requireSelector(String selector) {
        try {
            SelectorParser.parse(selector);
        } catch (FilterException broken) {
            throw new InvalidSettingException("selector", "must be a JMS selector, was '" + selector + "'");
        }
    }
}
