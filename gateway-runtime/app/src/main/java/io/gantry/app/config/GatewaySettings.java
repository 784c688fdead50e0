// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.admin.AdminSettings;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.delivery.DeadLetterSettings;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.security.SecuritySettings;
import io.gantry.store.StoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole configuration file. Where a route uses a Camel URI, the endpoints have one called {@link Sides#CAMEL} as well. */
@Description("The whole file.")
public record GatewaySettings(
        @Description("Addresses on which devices connect; at least one.")
        List<ListenerSettings> listeners,

        @Description("What one device may take of the gateway.") @DefaultValue("{}")
        LimitSettings limits,

        @Description("Who may connect, and what he may do. A listener on an address that is not loopback needs it.")
        @DefaultValue("{}")
        SecuritySettings security,

        @Description("Where Gantry keeps what must survive a restart.") @DefaultValue("{}")
        StoreSettings store,

        @Description("Target systems by name. A name has letters, digits, `-` and `_`, at most 64; `mqtt` and `camel`"
                + " have a meaning of their own.")
        @DefaultValue("{}")
        Map<String, EndpointEntry> endpoints,

        @Description("Ways of messages by name. A name has letters, digits, `-` and `_`, at most 64.")
        @DefaultValue("{}")
        Map<String, RouteEntry> routes,

        @Description("What could not be delivered and is kept.") @DefaultValue("{}")
        DeadLetterSettings deadLetters,

        @Description("The admin port: health, metrics, status and dead letters over HTTP.") @DefaultValue("{}")
        AdminSettings admin,

        @Description("When the gateway stops: how long messages under way may take to be delivered and acknowledged."
                + " 0s to 1h.")
        @DefaultValue("30s")
        Duration shutdownTimeout,

        @Description("How often `$SYS/broker/…` tells what has changed (clients, messages, bytes, uptime) to those who"
                + " subscribe to `$SYS/#`. 1s to 1h; 0s for never.")
        @DefaultValue("10s")
        Duration sysInterval) {

    public GatewaySettings {
        if (listeners.isEmpty()) {
            throw new InvalidSettingException("listeners", "must be at least one, such as mqtt://127.0.0.1:1883");
        }
        if (shutdownTimeout.isNegative() || shutdownTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidSettingException("shutdown-timeout", "must be 0s to 1h");
        }
        boolean tooShort = !sysInterval.isZero() && sysInterval.compareTo(Duration.ofSeconds(1)) < 0;
        if (tooShort || sysInterval.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidSettingException("sys-interval", "must be 1s to 1h, or 0s for never");
        }
    }

    /** The keys whose values differ in the other, but for roles that both have: those a running gateway can change. */
    public List<String> otherKeys(GatewaySettings other) {
        List<String> keys = new ArrayList<>();
        noteChanged("listeners", listeners, other.listeners, keys);
        noteChanged("limits", limits, other.limits, keys);
        if (!security.equalsButForRoles(other.security)) {
            keys.add("security");
        }
        noteChanged("store", store, other.store, keys);
        noteChanged("endpoints", endpoints, other.endpoints, keys);
        noteChanged("routes", routes, other.routes, keys);
        noteChanged("dead-letters", deadLetters, other.deadLetters, keys);
        noteChanged("admin", admin, other.admin, keys);
        noteChanged("shutdown-timeout", shutdownTimeout, other.shutdownTimeout, keys);
        noteChanged("sys-interval", sysInterval, other.sysInterval, keys);
        return keys;
    }

    private static void noteChanged(String key, Object before, Object after, List<String> keys) {
        if (!before.equals(after)) {
            keys.add(key);
        }
    }

    boolean usesCamel() {
        return routes.values().stream()
                .anyMatch(route -> route.from().endpoint().equals(Sides.CAMEL)
                        || route.allTargets().anyMatch(to -> to.endpoint().equals(Sides.CAMEL)));
    }

    /** The same with other rules about who may connect, and what he may do. */
    public GatewaySettings with(SecuritySettings others) {
        return new GatewaySettings(
                listeners, limits, others, store, endpoints, routes, deadLetters, admin, shutdownTimeout, sysInterval);
    }

    GatewaySettings withEndpoint(String name, EndpointEntry endpoint) {
        Map<String, EndpointEntry> all = new LinkedHashMap<>(endpoints);
        all.put(name, endpoint);
        return new GatewaySettings(
                listeners,
                limits,
                security,
                store,
                Collections.unmodifiableMap(all),
                routes,
                deadLetters,
                admin,
                shutdownTimeout,
                sysInterval);
    }
}
