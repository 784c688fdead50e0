// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import io.gantry.app.config.BidirectionalRules;
import io.gantry.app.config.EndpointEntry;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.config.RouteEntry;
import io.gantry.app.config.RouteFrom;
import io.gantry.app.config.RouteTo;
import io.gantry.app.config.Sides;
import io.gantry.app.yaml.SettingsKey;
import io.gantry.app.yaml.SettingsRecord;
import io.gantry.connectors.spi.Connector;
import io.gantry.routes.FromDevices;
import io.gantry.routes.ToDevices;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All settings records of the YAML, found by walking from the whole file through the types of the keys. */
final class Sections {
    private final List<Connector<?, ?, ?>> connectors;
    private final Map<Class<?>, Section> byType = new LinkedHashMap<>();

    private Sections(List<Connector<?, ?, ?>> connectors) {
        this.connectors = connectors;
    }

    static Sections of(List<Connector<?, ?, ?>> connectors) {
        Sections sections = new Sections(connectors);
        sections.add("file", "", GatewaySettings.class);
        return sections;
    }

    List<Section> inOrder() {
        return List.copyOf(byType.values());
    }

    boolean has(Class<?> type) {
        return byType.containsKey(type);
    }

    Section of(Class<?> type) {
        Section section = byType.get(type);
        if (section == null) {
            throw new IllegalArgumentException("no section for " + type);
        }
        return section;
    }

    List<Connector<?, ?, ?>> connectors() {
        return connectors;
    }

    private void add(String id, String path, Class<?> type) {
        if (byType.containsKey(type)) {
            return;
        }
        SettingsRecord<?> settings = SettingsRecord.of(type);
        byType.put(type, new Section(id, path, settings));
        for (SettingsKey key : settings.keys()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            String name = prefix + key.name() + (isMap(key.type()) ? ".NAME" : "");
            addContent(id.equals("file") ? key.name() : id + "-" + key.name(), name, elementType(key.type()));
        }
    }

    private void addContent(String id, String path, Class<?> type) {
        if (type == EndpointEntry.class) {
            connectors.forEach(connector ->
                    add(connector.name() + "-endpoint", path + "." + connector.name(), connector.endpointSettings()));
        } else if (type == RouteFrom.class) {
            add("devices-from", path + ".mqtt", FromDevices.class);
            connectors.forEach(
                    connector -> add(connector.name() + "-from", sidePath(path, connector), connector.fromSettings()));
        } else if (type == RouteTo.class) {
            add("devices-to", path + ".mqtt", ToDevices.class);
            connectors.forEach(
                    connector -> add(connector.name() + "-to", sidePath(path, connector), connector.toSettings()));
        } else if (SettingsRecord.isSettings(type)) {
            add(id, path, type);
        }
        if (type == RouteEntry.class && !has(BidirectionalRules.settings())) {
            add("rules", path + " (both ways)", BidirectionalRules.settings());
        }
    }

    private static String sidePath(String path, Connector<?, ?, ?> connector) {
        return path + (connector.name().equals(Sides.CAMEL) ? ".camel" : ".ENDPOINT (" + connector.name() + ")");
    }

    /** The key that a single value in place of the record stands for; the whole file is no single value. */
    static Optional<SettingsKey> shortKey(Section section) {
        return section.path().isEmpty() ? Optional.empty() : section.settings().shortKey();
    }

    static boolean isMap(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Map.class;
    }

    static boolean isList(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == List.class;
    }

    /** The type of one value, in lists and mappings of them too. */
    static Class<?> elementType(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return elementType(arguments[arguments.length - 1]);
        }
        return (Class<?>) type;
    }
}
