// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.app.config.EndpointEntry;
import io.gantry.app.config.RouteFrom;
import io.gantry.app.config.RouteTo;
import io.gantry.app.yaml.SettingsKey;
import io.gantry.app.yaml.ValueType;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.Template;
import io.gantry.mqtt.Percent;
import io.gantry.routes.FromDevices;
import io.gantry.routes.ToDevices;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the reference of the YAML's keys: one table for each settings record. */
final class Documentation {
    private static final String HEAD = """
            <!-- Generated from the settings records, do not edit. -->
            # Configuration

            Gantry reads one YAML file, by default `config/gantry.yaml`; `gantry check -c FILE` says what is wrong with one,
            each line with its place. This page is generated, do not edit.

            - A **time** has its unit: `250ms`, `5s`, `10m`, `1h`, `7d`. A **size** is `512`, `256KiB`, `10MiB` or `1GiB`.
            - **Truth values** are `true` and `false` only. **Numbers** are decimal, without a leading 0 and without `_`.
            - A **list** of one may be written without its brackets.
            - `${NAME}`, `${NAME:-default}` and `${file:/run/secrets/x}` are filled in once, when the file is read, in any
              value; `$${` is a literal `${`. A value that is filled in is never read as YAML.
            - In a **template**, `{name}` is filled in for each message: the names of the filter's wildcards, `topic`, `qos`,
              `id`, `received`; from devices also `client`, `username`, `user.NAME`; from endpoints also `key`,
              `header.NAME`; from requests also `path.NAME`, `query.NAME`.
            - Keys that are not listed here are refused.
            """;

    private final Sections sections;

    private Documentation(Sections sections) {
        this.sections = sections;
    }

    static String of(Sections sections) {
        Documentation documentation = new Documentation(sections);
        return HEAD + sections.inOrder().stream().map(documentation::section).collect(Collectors.joining());
    }

    /** What may be written of one connector: its endpoint, and the sides of a route that start and end there. */
    static String of(Sections sections, Connector<?, ?, ?> connector) {
        Documentation documentation = new Documentation(sections);
        String endpoint = "endpoints.NAME." + connector.name();
        String side = "ENDPOINT (" + connector.name() + ")";
        return sections.inOrder().stream()
                .filter(section -> (section.path() + ".").startsWith(endpoint + ".")
                        || section.path().contains(side))
                .map(documentation::section)
                .collect(Collectors.joining());
    }

    private String section(Section section) {
        StringBuilder text = new StringBuilder("\n## " + title(section) + "\n\n");
        text.append(section.settings().description());
        Sections.shortKey(section)
                .ifPresent(key -> text.append(" A single value in its place is its `" + key.name() + "`."));
        text.append("\n\n| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
        for (SettingsKey key : section.settings().keys()) {
            text.append("| `" + key.name() + "` | " + type(key.type()) + " | " + defaultOf(key) + " | "
                    + key.description().replace("|", "\\|") + " |\n");
        }
        return text.toString();
    }

    private static String title(Section section) {
        return section.path().isEmpty() ? "The file" : "`" + section.path() + "`";
    }

    private static String defaultOf(SettingsKey key) {
        return key.isRequired()
                ? "**required**"
                : key.defaultText().map(text -> "`" + text + "`").orElse("none");
    }

    private String type(Type type) {
        String element = single(Sections.elementType(type));
        if (Sections.isMap(type)) {
            return "names, each with " + element;
        }
        return Sections.isList(type) ? "list of " + element : element;
    }

    private String single(Class<?> type) {
        if (type == EndpointEntry.class) {
            return links(sections.connectors().stream()
                    .<Class<?>>map(Connector::endpointSettings)
                    .toList());
        }
        if (type == RouteFrom.class) {
            return sides(FromDevices.class, Connector::fromSettings);
        }
        if (type == RouteTo.class) {
            return sides(ToDevices.class, Connector::toSettings);
        }
        return sections.has(type) ? links(List.of(type)) : value(type);
    }

    private String sides(Class<?> devices, Function<Connector<?, ?, ?>, Class<?>> settings) {
        return links(
                Stream.concat(Stream.of(devices), sections.connectors().stream().map(settings))
                        .toList());
    }

    private String links(List<Class<?>> types) {
        return types.stream()
                .map(sections::of)
                .map(section -> "[" + title(section) + "](#" + anchor(section.path()) + ")")
                .collect(Collectors.joining(" or "));
    }

    /** As code hosts make one of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replace(" ", "-").replaceAll("[^a-z0-9_-]", "");
    }

    private static String value(Class<?> type) {
        if (type == int.class || type == long.class) {
            return "whole number";
        }
        if (type == double.class) {
            return "number";
        }
        if (type == boolean.class) {
            return "`true` or `false`";
        }
        if (type == Duration.class) {
            return "time";
        }
        if (type == ByteSize.class) {
            return "size";
        }
        if (type == Percent.class) {
            return "share";
        }
        if (type == Template.class) {
            return "template";
        }
        if (type == Secret.class) {
            return "secret text";
        }
        return type.isEnum() ? "`" + String.join("`, `", ValueType.choices(type)) + "`" : "text";
    }
}
