// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Place;
import io.gantry.app.yaml.Placeholders;
import io.gantry.app.yaml.Problem;
import io.gantry.app.yaml.Problems;
import io.gantry.app.yaml.YamlText;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.Template;
import io.gantry.mqtt.ListenerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads configuration files: either everything in one is right, or all that is wrong is said with its place. */
public final class ConfigFile {
    /** No character has more bytes in UTF-8. */
    private static final int MAX_BYTES = 4 * YamlText.MAX_CODE_POINTS;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final List<Connector<?, ?, ?>> connectors;
    private final Placeholders placeholders;

    /**
     * For the given connectors.
     *
     * @param connectors those that endpoints may name, and the one called {@code camel}
     * @param environment where {@code ${NAME}} comes from: {@code System::getenv}
     */
    public ConfigFile(List<Connector<?, ?, ?>> connectors, Function<String, @Nullable String> environment) {
        this.connectors = List.copyOf(connectors);
        this.placeholders = new Placeholders(environment);
    }

    /**
     * Reads a file.
     *
     * @throws InvalidConfigException with everything that is wrong with it
     */
    public GatewaySettings read(Path file) throws InvalidConfigException {
        return read(file, warning -> {});
    }

    /**
     * As {@link #read(Path)}.
     *
     * @param warnings is told what is allowed and should not be, such as secrets in the file, when nothing is wrong
     */
    public GatewaySettings read(Path file, Consumer<Problem> warnings) throws InvalidConfigException {
        Placed read = readWithPlaces(file);
        read.warnings().forEach(warnings);
        return read.settings();
    }

    /** As {@link #read(Path)}, of a text that need not be in a file. */
    public GatewaySettings read(String name, String text) throws InvalidConfigException {
        return readWithPlaces(name, text).settings();
    }

    /**
     * As {@link #read(Path)}, for whoever says later where something stands.
     *
     * @throws InvalidConfigException with everything that is wrong with it
     */
    public Placed readWithPlaces(Path file) throws InvalidConfigException {
        return readWithPlaces(file.toString(), textOf(file));
    }

    /**
     * Settings with their places.
     *
     * @param warnings what is allowed and should not be, such as secrets in the file
     * @param places of records, and of values with a {@code fromText}, that are in the settings
     */
    public record Placed(GatewaySettings settings, List<Problem> warnings, Function<Object, Place> places) {}

    private Placed readWithPlaces(String name, String text) throws InvalidConfigException {
        Problems problems = new Problems();
        String withoutMark = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        Element root = YamlText.read(name, withoutMark, placeholders, problems);
        Binder binder = new Binder(problems, NotYet::hasKey);
        GatewaySettings settings = null;
        if (root instanceof Element.Mapping file) {
            settings = bind(file, binder, problems);
        } else if (root != null) {
            problems.add(root.place(), "expected a mapping with at least 'listeners', was " + root.kind());
        }
        problems.throwIfAny();
        if (settings == null) {
            throw new IllegalStateException("nothing was read, and nothing is wrong");
        }
        return new Placed(settings, problems.warnings(), binder::placeOf);
    }

    private @Nullable GatewaySettings bind(Element.Mapping root, Binder binder, Problems problems) {
        EndpointReading endpoints = new EndpointReading(problems, binder, connectors);
        Map<String, Optional<Connector<?, ?, ?>>> byName = new HashMap<>(endpoints.connectorsByName(root));
        Optional<Connector<?, ?, ?>> camel = connectors.stream()
                .filter(connector -> connector.name().equals(Sides.CAMEL))
                .findFirst();
        camel.ifPresent(connector -> byName.put(Sides.CAMEL, camel));
        Sides sides = new Sides(problems, binder, byName);
        binder.read(EndpointEntry.class, endpoints::endpoint);
        binder.read(RouteFrom.class, sides::from);
        binder.read(RouteTo.class, sides::to);
        binder.read(Template.class, sides::template);
        binder.read(RouteEntry.class, sides::route);
        binder.read(ListenerSettings.class, new ListenerReading(problems, binder)::listener);
        Names.check(root, problems);
        RoleNames.check(root, problems);
        GatewaySettings settings = binder.bind(GatewaySettings.class, BidirectionalRules.expanded(root, problems), "");
        GatewaySettings whole = settings != null && camel.isPresent() && settings.usesCamel()
                ? settings.withEndpoint(Sides.CAMEL, endpoints.withoutSettings(camel.get(), root.place()))
                : settings;
        if (whole != null) {
            new EndpointUse(problems, binder).check(whole);
            OpenListeners.check(whole, binder, problems);
            GuardedEndpoints.check(whole, binder, problems);
            UnaskedCertificates.check(whole, binder, problems);
        }
        return whole;
    }

    private static String textOf(Path file) throws InvalidConfigException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw unreadable(file, "the file is larger than 1MiB, expected less");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw unreadable(file, "the file is not UTF-8");
        } catch (IOException failure) {
            throw unreadable(
                    file,
                    Files.isDirectory(file)
                            ? "is a directory, expected a file"
                            : Files.exists(file)
                                    ? "the file cannot be read: "
                                            + failure.getClass().getSimpleName()
                                    : "there is no such file");
        }
    }

    private static InvalidConfigException unreadable(Path file, String message) {
        return new InvalidConfigException(List.of(new Problem(Place.startOf(file.toString()), message)));
    }
}
