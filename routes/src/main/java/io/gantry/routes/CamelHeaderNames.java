// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which headers a route may set on its way to a Camel component, and to what. */
final class CamelHeaderNames {
    private static final int LONGEST = 255;

    /** How names begin that components obey, whatever the catalogue says of them. */
    private static final List<String> OBEYED = List.of(
            "camel",
            "org.apache.camel",
            "kafka.",
            "jms",
            "websocket.",
            "gridfs.",
            "irc.",
            "mail.",
            "solrparam",
            "operationname",
            "query",
            "long-running-action",
            "breadcrumbid");

    private CamelHeaderNames() {}

    /** Refuses names that are not the route's to set, and values of a message where a component would obey them. */
    static void check(Map<String, Template> headers) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            String lower = plain(name);
            if (lower.isEmpty() || name.length() > LONGEST || name.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
                throw new InvalidSettingException(
                        "headers",
                        "must have names of 1 to " + LONGEST + " characters without blanks, was '" + name + "'");
            }
            if (lower.startsWith("mqtt-") || lower.equals(Hops.NAME)) {
                throw new InvalidSettingException("headers", "must not have '" + name + "': the gateway sets it");
            }
            if (!names.add(name)) {
                throw new InvalidSettingException("headers", "has '" + name + "' twice in different case");
            }
            if (!value.isFixed() && isObeyed(lower)) {
                throw new InvalidSettingException(
                        "headers",
                        "must give '" + name + "' a fixed text: a Camel component obeys it, so no message may fill"
                                + " it in");
            }
        });
    }

    private static boolean isObeyed(String lower) {
        return OBEYED.stream().anyMatch(lower::startsWith) || Catalogue.NAMES.contains(lower);
    }

    /** Camel's headers know no case. */
    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Read when a route fills in a header's value, and not before. */
    private static final class Catalogue {
        static final Set<String> NAMES = names();

        private static Set<String> names() {
            Set<String> names = new HashSet<>();
            CamelComponents.headers().forEach(name -> names.add(plain(name)));
            return names;
        }
    }
}
