// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.connectors.http.HttpEndpointSettings;
import io.gantry.connectors.http.HttpTo;
import io.gantry.delivery.DeliverySettings;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.store.StoreSettings;
import java.util.Map;
import java.util.Set;

/** Names of the design that this version cannot do: refused as such, so that nobody searches for a misspelling. */
final class NotYet {
    private static final Set<String> CONNECTORS = Set.of();

    private static final Map<Class<?>, Set<String>> KEYS = Map.of(
            LimitSettings.class,
            Set.of(),
            StoreSettings.class,
            Set.of(),
            GatewaySettings.class,
            Set.of(),
            ListenerSettings.class,
            Set.of("tls", "auth"),
            RouteEntry.class,
            Set.of("where", "transform"),
            DeliverySettings.class,
            Set.of("durability"),
            HttpEndpointSettings.class,
            Set.of(),
            HttpTo.class,
            Set.of());

    private static final Set<String> OF_CONNECTORS =
            Set.of("reply", "exactly-once", "transactions", "tls", "username", "password");

    private NotYet() {}

    static boolean hasKey(Class<?> record, String key) {
        return KEYS.getOrDefault(record, OF_CONNECTORS).contains(key);
    }

    static boolean hasConnector(String name) {
        return CONNECTORS.contains(name);
    }
}
