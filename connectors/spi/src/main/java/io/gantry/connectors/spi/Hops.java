// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Message;
import io.gantry.api.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mark that keeps messages from going round: a User Property with the gateways that have passed the message on, the
 * first first.
 */
public final class Hops {
    /** The User Property, and the header in other protocols. */
    public static final String NAME = "gantry-hops";

    /** More gateways than these are taken for a circle that some of them do not mark. */
    public static final int MOST = 8;

    private static final String BETWEEN = ",";

    private Hops() {}

    /** The mark of a message; null when no gateway has passed it on. */
    public static @Nullable String of(Message message) {
        List<UserProperty> properties = message.properties().userProperties();
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).name().equals(NAME)) {
                return properties.get(i).value();
            }
        }
        return null;
    }

    /** Whether the message has been at this gateway before, or at too many others, and must go no further. */
    public static boolean isOver(Message message, String gateway) {
        String mark = of(message);
        if (mark == null) {
            return false;
        }
        List<String> gateways = List.of(mark.split(BETWEEN, MOST + 1));
        return gateways.size() >= MOST || gateways.contains(gateway);
    }

    /** The message with this gateway added to its mark. */
    public static Message marked(Message message, String gateway) {
        String mark = of(message);
        List<UserProperty> properties = new ArrayList<>(message.properties().userProperties());
        properties.removeIf(property -> property.name().equals(NAME));
        properties.add(new UserProperty(NAME, mark == null ? gateway : mark + BETWEEN + gateway));
        return new Message(
                message.id(),
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                message.properties().replacingUserProperties(properties),
                message.origin(),
                message.receivedMillis());
    }
}
