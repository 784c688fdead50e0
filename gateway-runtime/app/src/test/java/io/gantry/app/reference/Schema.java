// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gantry.api.settings.ByteSize;
import io.gantry.app.config.BidirectionalRules;
import io.gantry.app.config.EndpointEntry;
import io.gantry.app.config.RouteEntry;
import io.gantry.app.config.RouteFrom;
import io.gantry.app.config.RouteTo;
import io.gantry.app.config.Sides;
import io.gantry.app.yaml.SettingsKey;
import io.gantry.app.yaml.ValueType;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.mqtt.Percent;
import io.gantry.routes.FromDevices;
import io.gantry.routes.ToDevices;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Writes the JSON Schema with which editors complete and check the YAML. */
final class Schema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NAME = "^[A-Za-z0-9_-]{1,64}$";

    /** Any value may come from a placeholder, which no pattern can look into. */
    private static final String OR_PLACEHOLDER = "|\\$\\{";

    private final Sections sections;

    private Schema(Sections sections) {
        this.sections = sections;
    }

    static String of(Sections sections) throws IOException {
        Schema schema = new Schema(sections);
        ObjectNode root = JSON.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$comment", "Generated from the settings records, do not edit.")
                .put("title", "Gantry configuration");
        ObjectNode definitions = JSON.objectNode();
        for (Section section : sections.inOrder()) {
            if (section.id().equals("file")) {
                root.setAll(schema.object(section));
            } else {
                definitions.set(section.id(), schema.object(section));
            }
        }
        root.set("$defs", definitions);
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter);
        return MAPPER.writer(printer).writeValueAsString(root) + "\n";
    }

    private ObjectNode object(Section section) throws IOException {
        ObjectNode object = JSON.objectNode()
                .put("description", section.settings().description())
                .put("type", "object");
        ObjectNode properties = JSON.objectNode();
        for (SettingsKey key : section.settings().keys()) {
            ObjectNode property = JSON.objectNode().put("description", key.description());
            if (key.defaultText().isPresent()) {
                property.set("default", defaultOf(key));
            }
            property.setAll(type(key.type()));
            properties.set(key.name(), property);
            if (key.isRequired()) {
                object.withArray("required").add(key.name());
            }
        }
        object.set("properties", properties);
        return object.put("additionalProperties", false);
    }

    private static JsonNode defaultOf(SettingsKey key) throws IOException {
        String text = key.defaultText().orElseThrow();
        Class<?> type = Sections.elementType(key.type());
        boolean isJson = text.equals("{}") || text.equals("[]") || type.isPrimitive();
        return isJson ? MAPPER.readTree(text) : JSON.textNode(text);
    }

    private ObjectNode type(Type type) {
        Class<?> element = Sections.elementType(type);
        if (Sections.isMap(type)) {
            ObjectNode map = JSON.objectNode();
            map.putArray("type").add("object").add("null");
            if (element == EndpointEntry.class || !ValueType.isValue(element)) {
                map.set("propertyNames", JSON.objectNode().put("pattern", NAME));
            }
            return map.set(
                    "additionalProperties",
                    element == RouteEntry.class
                            ? anyOf(List.of(single(element), single(BidirectionalRules.settings())))
                            : single(element));
        }
        if (Sections.isList(type)) {
            ObjectNode items = JSON.objectNode().put("type", "array").set("items", single(element));
            return anyOf(List.of(single(element), items));
        }
        return single(element);
    }

    private ObjectNode single(Class<?> type) {
        if (type == EndpointEntry.class) {
            ObjectNode properties = JSON.objectNode();
            for (Connector<?, ?, ?> connector : sections.connectors()) {
                properties.set(connector.name(), single(connector.endpointSettings()));
            }
            return oneKey(properties).put("additionalProperties", false);
        }
        if (type == RouteFrom.class) {
            return side(FromDevices.class, Connector::fromSettings);
        }
        if (type == RouteTo.class) {
            return side(ToDevices.class, Connector::toSettings);
        }
        return sections.has(type) ? record(sections.of(type)) : value(type);
    }

    private ObjectNode side(Class<?> devices, Function<Connector<?, ?, ?>, Class<?>> settings) {
        ObjectNode properties = JSON.objectNode().set("mqtt", single(devices));
        List<ObjectNode> endpoints = sections.connectors().stream()
                .map(connector -> single(settings.apply(connector)))
                .toList();
        sections.connectors().stream()
                .filter(connector -> connector.name().equals(Sides.CAMEL))
                .forEach(camel -> properties.set(camel.name(), single(settings.apply(camel))));
        return oneKey(properties).set("additionalProperties", anyOf(endpoints));
    }

    private static ObjectNode oneKey(ObjectNode properties) {
        return JSON.objectNode()
                .put("type", "object")
                .put("minProperties", 1)
                .put("maxProperties", 1)
                .set("properties", properties);
    }

    private ObjectNode record(Section section) {
        ObjectNode reference = JSON.objectNode().put("$ref", "#/$defs/" + section.id());
        if (section.settings().shortKey().isPresent()) {
            Type shortType = section.settings().shortKey().orElseThrow().type();
            return anyOf(List.of(single(Sections.elementType(shortType)), reference));
        }
        boolean mayBeEmpty = section.settings().keys().stream().noneMatch(SettingsKey::isRequired);
        return mayBeEmpty ? anyOf(List.of(reference, JSON.objectNode().put("type", "null"))) : reference;
    }

    private static ObjectNode value(Class<?> type) {
        if (type == int.class || type == long.class) {
            return typed("^(0|-?[1-9][0-9]*)$", "integer", "string");
        }
        if (type == double.class) {
            return typed("^-?[0-9]+([.][0-9]+)?$", "number", "string");
        }
        if (type == boolean.class) {
            return typed("^(true|false)$", "boolean", "string");
        }
        if (type == QosChoice.class) {
            return choice(List.of("0", "1", "2", "keep"));
        }
        if (type == Duration.class) {
            return typed("^[0-9]{1,12}(ms|s|m|h|d)$", "string");
        }
        if (type == ByteSize.class) {
            return typed("^[0-9]{1,15} *([kKmMgGtT][iI]?)?[bB]?$", "string", "integer");
        }
        if (type == Percent.class) {
            return typed("^(0|[1-9][0-9]?|100)%$", "string");
        }
        return type.isEnum() ? choice(ValueType.choices(type)) : typed("", "string", "number", "boolean");
    }

    private static ObjectNode typed(String pattern, String... types) {
        ObjectNode value = JSON.objectNode();
        if (types.length == 1) {
            value.put("type", types[0]);
        } else {
            List.of(types).forEach(value.putArray("type")::add);
        }
        return pattern.isEmpty() ? value : value.put("pattern", pattern + OR_PLACEHOLDER);
    }

    private static ObjectNode choice(List<String> texts) {
        ObjectNode choice = JSON.objectNode();
        for (String text : texts) {
            choice.withArray("enum").add(text);
            if (text.matches("[0-9]+")) {
                choice.withArray("enum").add(Integer.parseInt(text));
            } else if (text.matches("true|false")) {
                choice.withArray("enum").add(Boolean.parseBoolean(text));
            }
        }
        return anyOf(List.of(choice, JSON.objectNode().put("type", "string").put("pattern", "\\$\\{")));
    }

    private static ObjectNode anyOf(List<ObjectNode> schemas) {
        if (schemas.size() == 1) {
            return schemas.get(0);
        }
        ObjectNode any = JSON.objectNode();
        any.putArray("anyOf").addAll(schemas);
        return any;
    }
}
