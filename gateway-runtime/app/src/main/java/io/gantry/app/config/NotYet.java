// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.connectors.http.HttpListen;
import io.gantry.delivery.DeliverySettings;
import io.gantry.mqtt.ListenerSettings;
import java.util.Map;
import java.util.Set;

/** Names of the design that this version cannot do: refused as such, so that nobody searches for a misspelling. */
final class NotYet {
    private static final Map<Class<?>, Set<String>> KEYS = Map.of(
            ListenerSettings.class, Set.of("auth"),
            HttpListen.class, Set.of("tls"),
            RouteEntry.class, Set.of("where", "transform"),
            DeliverySettings.class, Set.of("durability"));

    private NotYet() {}

    static boolean hasKey(Class<?> record, String key) {
        return KEYS.getOrDefault(record, Set.of()).contains(key);
    }
}
