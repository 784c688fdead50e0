// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Template;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which application properties a route may set, and how the names of ours are spelt so that JMS takes them. */
final class PropertyNames {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");

    /** Words of the selectors of JMS. */
    private static final Set<String> RESERVED =
            Set.of("null", "true", "false", "not", "and", "or", "between", "like", "in", "is", "escape");

    private PropertyNames() {}

    /** {@code mqtt-topic} as {@code mqtt_topic}: JMS has no minus in names. */
    static String jmsName(String header) {
        return header.replace('-', '_');
    }

    /** Refuses what a route may not set. */
    static void check(Map<String, Template> headers) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : headers.keySet()) {
            if (!LEGAL.matcher(name).matches()) {
                throw new InvalidSettingException(
                        "headers",
                        "must have names of up to 255 letters, digits and _, not starting with a digit, as JMS wants"
                                + " them, was '" + name + "'; write '" + suggestion(name) + "'");
            }
            if (isTaken(name.toLowerCase(Locale.ROOT))) {
                throw new InvalidSettingException(
                        "headers",
                        "must not have '" + name + "': JMS, the broker or the gateway gives it a meaning; write 'x_"
                                + name + "'");
            }
            if (!names.add(name)) {
                throw new InvalidSettingException("headers", "has '" + name + "' twice in different case");
            }
        }
    }

    private static boolean isTaken(String lower) {
        return RESERVED.contains(lower)
                || lower.startsWith("jms")
                || lower.startsWith("_amq")
                || lower.startsWith("mqtt_")
                || lower.startsWith("gantry_")
                || lower.startsWith("camel");
    }

    private static String suggestion(String name) {
        String replaced = name.replaceAll("[^A-Za-z0-9_]", "_");
        String started = replaced.isEmpty() || Character.isDigit(replaced.charAt(0)) ? "_" + replaced : replaced;
        return started.substring(0, Math.min(255, started.length()));
    }
}
