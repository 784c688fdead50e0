// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import java.util.List;
import java.util.Locale;

/** The cloud services that speak AMQP 1.0: what contradicts them is refused. */
public enum AmqpPreset {
    /** Azure Event Hubs: an event hub is an address; user name and password are the name and key of a policy. */
    AZURE_EVENT_HUBS;

    private static final long LARGEST = 1L << 20;

    void check(List<String> urls, AmqpEndpointSettings.Sasl mechanism, ByteSize maxMessageSize) {
        for (String url : urls) {
            if (!BrokerUrl.parse(url).isSecure()) {
                throw new InvalidSettingException(
                        "url",
                        "must be amqps://NAMESPACE.servicebus.windows.net with preset " + this + ", was '" + url + "'");
            }
        }
        if (mechanism != AmqpEndpointSettings.Sasl.PLAIN) {
            throw new InvalidSettingException(
                    "username",
                    "must be the name of a shared access policy, and password its key, with preset " + this);
        }
        if (maxMessageSize.bytes() > LARGEST) {
            throw new InvalidSettingException(
                    "max-message-size", "must be at most 1MiB with preset " + this + ", was " + maxMessageSize);
        }
    }

    /** Refuses what a route cannot have there. */
    void checkFrom() {
        throw new InvalidSettingException(
                "address",
                "must not be an event hub: it keeps no position for readers by AMQP, so messages would be lost or come"
                        + " again; read it by an endpoint kafka: with preset " + this);
    }

    /** As it is written in the YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
