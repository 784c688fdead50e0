// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.BaseOptionModel;

/** The names of headers that Camel components obey or set, and the spellings under which they may be smuggled in. */
final class ControlHeaders {
    private static final List<String> NOT_IN_THE_CATALOG = List.of(
            "kafka.OVERRIDE_TOPIC",
            "kafka.OVERRIDE_TIMESTAMP",
            "kafka.PARTITION_KEY",
            "kafka.KEY",
            "JMSDestination",
            "JMSReplyTo",
            "JMSCorrelationID",
            "JMSType",
            "websocket.connectionKey",
            "websocket.sendToAll",
            "gridfs.metadata",
            "gridfs.chunksize",
            "irc.sendTo",
            "irc.target",
            "operationName",
            "operationNamespace",
            "mail.smtp.from",
            "mail.smtp.host",
            "QUERY",
            "SolrParam.q",
            "Long-Running-Action",
            "CamelHttpUri",
            "CamelFileName",
            "CamelExecCommandExecutable",
            "CamelBeanMethodName",
            "CamelJmsDestinationName",
            "CamelToEndpoint");

    private ControlHeaders() {}

    /** All names that the Camel catalogue publishes, and those that are known besides. */
    static Set<String> names() {
        CamelCatalog catalog = new DefaultCamelCatalog();
        Set<String> names = new TreeSet<>(NOT_IN_THE_CATALOG);
        for (String component : catalog.findComponentNames()) {
            catalog.componentModel(component).getEndpointHeaders().stream()
                    .map(BaseOptionModel::getName)
                    .forEach(names::add);
        }
        return names;
    }

    /** The name itself first. */
    static List<String> spellings(String name) {
        List<String> spellings = new ArrayList<>(List.of(
                name,
                name.toLowerCase(Locale.ROOT),
                name.toUpperCase(Locale.ROOT),
                swapCase(name),
                " " + name,
                name + " ",
                name.replace('-', '_'),
                name.replace('_', '-'),
                // Cyrillic a, and the long s and Kelvin sign that upper or lower case turn into ASCII
                name.replace('a', '\u0430'),
                name.replace('s', '\u017f'),
                name.replace('k', '\u212a')));
        spellings.add("\t" + name);
        return spellings;
    }

    private static String swapCase(String name) {
        StringBuilder swapped = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            swapped.append(Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        return swapped.toString();
    }
}
