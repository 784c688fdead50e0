// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a route's {@code from} wants of another broker: which messages. */
@Description("Subscribes at the broker. A message is acknowledged there only once the route has taken it; it keeps its"
        + " properties, its QoS and whether it was retained.")
public record MqttFrom(
        @Description("Topic Filters, one or a list.") List<String> filter,

        @Description("Highest QoS at which the broker sends: 0 or 1. Not 2: Paho's clients, by which this connector"
                + " works, would acknowledge such a message before the route has taken it.")
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
        Retained retained) {

    public MqttFrom {
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
        if (qos == Qos.EXACTLY_ONCE) {
            throw new InvalidSettingException(
                    "qos", "must be 0 or 1: QoS 2 from another broker is not supported by this version");
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
