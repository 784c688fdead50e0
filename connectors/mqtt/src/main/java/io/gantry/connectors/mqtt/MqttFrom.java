// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.api.settings.Bounds.within;

import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.RequestSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a route's {@code from} wants of another broker: which messages. */
@Description("Subscribes at the broker. A message is acknowledged there only once the route has taken it; it keeps its"
        + " properties, its QoS and whether it was retained.")
public record MqttFrom(
        @Description("Topic Filters, one or a list.") List<String> filter,

        @Description(
                "Highest QoS at which the broker sends. At 2 a message comes once also where the connection is lost;"
                        + " to another run of the gateway those come again that its routes had not answered, or whose answer did"
                        + " not get to the broker.")
        @DefaultValue("1")
        Qos qos,

        @Description("Name of a group that shares the messages, such as several gateways (Shared Subscription).")
        @Nullable String share,

        @Description("Whether what the gateway itself publishes there does not come back (No Local; MQTT 5, not of a"
                + " shared subscription).")
        @DefaultValue("true")
        boolean noLocal,

        @Description("When Retained Messages are sent: `always` when the gateway subscribes, only with a `new`"
                + " subscription, or `never`. With 3.1.1 it is always.")
        @DefaultValue("new")
        Retained retained,

        @Description(
                "Only with preset azure-iot-hub, for `$iothub/methods/POST/#`: the device's answer is the method's,"
                        + " with the status 200 or what its User Property `status` says; 504 when it comes too late. Requests of"
                        + " other brokers have a Response Topic and need no key.")
        @DefaultValue("false")
        boolean reply,

        @Description("How long a device may take for its answer; 1s to 5m.") @DefaultValue("30s")
        Duration replyTimeout)
        implements RequestSettings {

    /** Without answers. */
    public MqttFrom(List<String> filter, Qos qos, @Nullable String share, boolean noLocal, Retained retained) {
        this(filter, qos, share, noLocal, retained, false, Duration.ofSeconds(30));
    }

    public MqttFrom {
        within("reply-timeout", replyTimeout, Duration.ofSeconds(1), Duration.ofMinutes(5));
        if (filter.isEmpty()) {
            throw new InvalidSettingException("filter", "must name at least one Topic Filter");
        }
        for (String one : filter) {
            if (TopicFilter.parse(one).filter(parsed -> !parsed.isShared()).isEmpty()) {
                throw new InvalidSettingException(
                        "filter",
                        "must be Topic Filters ('+' for a whole level, '#' only at the end, a group by the key share),"
                                + " was '" + one + "'");
            }
        }
        if (share != null
                && TopicFilter.parse("$share/" + share + "/a")
                        .flatMap(TopicFilter::ofSharedSubscription)
                        .filter(rest -> rest.value().equals("a"))
                        .isEmpty()) {
            throw new InvalidSettingException("share", "must be a name without '/', '+' and '#', was '" + share + "'");
        }
        filter = List.copyOf(filter);
    }

    /** When a broker sends Retained Messages for a subscription (Retain Handling). */
    public enum Retained {
        ALWAYS(0),
        NEW(1),
        NEVER(2);

        private final int handling;

        Retained(int handling) {
            this.handling = handling;
        }

        /** The number on the wire. */
        int handling() {
            return handling;
        }
    }

    /** The filters as they are subscribed. */
    List<String> subscribed() {
        return share == null
                ? filter
                : filter.stream().map(one -> "$share/" + share + "/" + one).toList();
    }

    /** Whether a message belongs to this subscription, as far as its Topic Name says. */
    boolean wants(String topic) {
        return TopicName.parse(topic)
                .map(name -> filter.stream().anyMatch(one -> new TopicFilter(one).matches(name)))
                .orElse(false);
    }
}
