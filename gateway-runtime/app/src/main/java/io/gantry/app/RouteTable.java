// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.app.config.GatewaySettings;
import io.gantry.app.config.RouteEntry;
import io.gantry.app.config.RouteTo;
import io.gantry.app.yaml.OneLine;
import io.gantry.app.yaml.SettingsRecord;
import io.gantry.app.yaml.UriSecrets;
import io.gantry.routes.CamelFrom;
import io.gantry.routes.CamelTo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The routes of a file as lines of text: name, from, to, acknowledgement; one line for each {@code to}. */
final class RouteTable {
    private static final List<String> HEADINGS = List.of("route", "from", "to", "ack");

    private RouteTable() {}

    static List<String> lines(GatewaySettings settings) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (Map.Entry<String, RouteEntry> named : settings.routes().entrySet()) {
            RouteEntry route = named.getValue();
            String name = named.getKey();
            String from = side(route.from().endpoint(), route.from().settings());
            String ack =
                    route.from().isDevices() ? route.delivery().ack().name().toLowerCase(Locale.ROOT) : "";
            for (RouteTo to : route.to()) {
                rows.add(List.of(name, from, side(to.endpoint(), to.settings()), ack));
                name = "";
                from = "";
                ack = "";
            }
        }
        return TextTable.aligned(rows);
    }

    private static String side(String endpoint, Record settings) {
        String wanted = SettingsRecord.firstValue(settings);
        boolean isCamel = settings instanceof CamelFrom || settings instanceof CamelTo;
        return OneLine.of(endpoint + " " + (isCamel ? withoutSecrets(wanted) : wanted));
    }

    /** A Camel URI may hold a password before its host, or among its options, whatever they are called. */
    private static String withoutSecrets(String uri) {
        return UriSecrets.hidden(uri.replaceFirst("(?s)[?].*", ""));
    }
}
