// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message offers to templates: the names of its route's filter, and what every message carries.
 *
 * @param pattern the filter of a route that starts at the devices; null for others
 */
public record MessageValues(Message message, @Nullable TopicPattern pattern) implements Values {
    private static final String HEADER = "header.";
    private static final String USER = "user.";
    private static final String PATH = "path.";
    private static final String QUERY = "query.";

    /** What may be named besides the pattern's own names when a route starts at the devices. */
    public static ValueNames ofDevices(TopicPattern pattern) {
        return ValueNames.of("topic", "client", "username", "qos", "id", "received")
                .with(pattern.names())
                .withPrefix(USER);
    }

    /** What may be named when a route starts at an endpoint that brings keys and headers. */
    public static ValueNames ofEndpoint() {
        return ValueNames.of("topic", "key", "qos", "id", "received")
                .withPrefix(HEADER)
                .withPrefix(USER);
    }

    /**
     * What may be named when a route starts where requests come in. The parts of their paths and queries stand among the
     * headers of {@link Origin.Endpoint}, before what the caller sent, as {@code path.NAME} and {@code query.NAME}.
     */
    public static ValueNames ofRequests() {
        return ofEndpoint().withPrefix(PATH).withPrefix(QUERY);
    }

    @Override
    public @Nullable String value(String name) {
        if (pattern != null) {
            String captured = pattern.capture(name, message.topic());
            if (captured != null) {
                return captured;
            }
        }
        return switch (name) {
            case "topic" -> message.topic().value();
            case "qos" -> message.qos().toString();
            case "id" -> message.id().toString();
            case "received" -> Instant.ofEpochMilli(message.receivedMillis()).toString();
            case "client" ->
                message.origin() instanceof Origin.Device device
                        ? device.clientId().value()
                        : null;
            case "username" -> message.origin() instanceof Origin.Device device ? device.username() : null;
            case "key" -> message.origin() instanceof Origin.Endpoint endpoint ? endpoint.key() : null;
            default -> prefixed(name);
        };
    }

    private @Nullable String prefixed(String name) {
        if (name.startsWith(HEADER) && message.origin() instanceof Origin.Endpoint endpoint) {
            return first(endpoint.headers(), name.substring(HEADER.length()));
        }
        if ((name.startsWith(PATH) || name.startsWith(QUERY)) && message.origin() instanceof Origin.Endpoint endpoint) {
            return first(endpoint.headers(), name);
        }
        return name.startsWith(USER)
                ? first(message.properties().userProperties(), name.substring(USER.length()))
                : null;
    }

    private static @Nullable String first(List<UserProperty> properties, String name) {
        for (UserProperty property : properties) {
            if (property.name().equals(name)) {
                return property.value();
            }
        }
        return null;
    }
}
