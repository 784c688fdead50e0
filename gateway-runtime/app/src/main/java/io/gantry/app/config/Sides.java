// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.Guess;
import io.gantry.app.yaml.Problems;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.ExactlyOnceSettings;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.RequestSettings;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.ValueNames;
import io.gantry.delivery.AckPoint;
import io.gantry.routes.FromDevices;
import io.gantry.routes.ToDevices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the {@code from} and {@code to} of routes: an endpoint's name says whose settings stand behind it. */
public final class Sides {
    /** The name of Gantry's own devices. */
    public static final String DEVICES = "mqtt";

    /** The name of the way out to the rest of Camel's components. */
    public static final String CAMEL = "camel";

    private final Problems problems;
    private final Binder binder;
    private final Map<String, Optional<Connector<?, ?, ?>>> connectors;
    private final List<Template> templates = new ArrayList<>();
    private @Nullable RouteFrom from;

    /**
     * For one file.
     *
     * @param connectors by endpoint; empty where the endpoint is wrong, which has been noted
     */
    Sides(Problems problems, Binder binder, Map<String, Optional<Connector<?, ?, ?>>> connectors) {
        this.problems = problems;
        this.binder = binder;
        this.connectors = new HashMap<>(connectors);
    }

    /** Reads a route, and checks its sides against each other even where something else in it is wrong. */
    @Nullable RouteEntry route(Element element, String label) {
        from = null;
        templates.clear();
        RouteEntry route = binder.bindByConvention(RouteEntry.class, element, label);
        if (from != null) {
            ValueNames offered = offeredBy(from);
            templates.forEach(template -> checkNames(template, offered));
        }
        if (route != null) {
            checkAcknowledgement(route, element, label);
            checkAnswers(route, element, label);
        }
        return route;
    }

    private void checkAnswers(RouteEntry route, Element element, String label) {
        boolean asks = route.from().settings() instanceof RequestSettings settings && settings.reply();
        long devices = route.to().stream().filter(RouteTo::isDevices).count();
        if (asks && devices != 1) {
            problems.add(
                    element.place(),
                    label
                            + ": from has reply: true, so the route needs one side 'mqtt' in its 'to' whose devices answer,"
                            + " has " + devices);
        }
        boolean awaits = route.allTargets()
                .anyMatch(to -> to.settings() instanceof ToDevices toDevices && toDevices.answerTopic() != null);
        if (awaits && !asks) {
            problems.add(
                    element.place(),
                    label + ": answer-topic says where devices answer, but nobody asks them: expected reply: true in"
                            + " 'from'");
        }
    }

    private void checkAcknowledgement(RouteEntry route, Element element, String label) {
        AckPoint ack = route.delivery().ack();
        boolean exactlyOnce = route.allTargets()
                .anyMatch(to -> to.settings() instanceof ExactlyOnceSettings settings && settings.exactlyOnce());
        if (exactlyOnce && ack != AckPoint.STORED) {
            problems.add(
                    element.place(),
                    label + ": exactly-once needs delivery.ack to be stored, was "
                            + ack.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Reads a template; what it may name is known once the whole route has been read. */
    @Nullable Template template(Element element, String label) {
        Template template = binder.bindByConvention(Template.class, element, label);
        if (template != null) {
            templates.add(template);
        }
        return template;
    }

    private void checkNames(Template template, ValueNames offered) {
        for (String name : template.names()) {
            if (!offered.offers(name)) {
                problems.add(
                        binder.placeOf(template),
                        "no message of this route has a value {" + name + "}"
                                + Guess.nearest(name, offered.exact())
                                        .map(guess -> ", did you mean {" + guess + "}?")
                                        .orElse(", expected one of " + offered));
            }
        }
    }

    @Nullable RouteFrom from(Element element, String label) {
        Element.Entry side = onlyEntry(element, label);
        if (side == null) {
            return null;
        }
        Record settings = settings(side, FromDevices.class, Connector::fromSettings);
        from = settings == null ? null : new RouteFrom(side.key().text(), settings);
        return from;
    }

    @Nullable RouteTo to(Element element, String label) {
        Element.Entry side = onlyEntry(element, label);
        if (side == null) {
            return null;
        }
        Record settings = settings(side, ToDevices.class, Connector::toSettings);
        RouteTo to = settings == null ? null : new RouteTo(side.key().text(), settings);
        if (to == null) {
            return null;
        }
        if (from != null && from.isDevices() && to.isDevices()) {
            problems.add(
                    side.key().place(),
                    "to: a route from mqtt to mqtt would publish what devices publish to devices again, expected an"
                            + " endpoint");
            return null;
        }
        return to;
    }

    private ValueNames offeredBy(RouteFrom start) {
        return start.settings() instanceof FromDevices devices
                ? MessageValues.ofDevices(devices.filter())
                : connectors
                        .getOrDefault(start.endpoint(), Optional.empty())
                        .map(Connector::valueNames)
                        .orElseGet(ValueNames::of);
    }

    private Element.@Nullable Entry onlyEntry(Element element, String label) {
        if (!(element instanceof Element.Mapping mapping) || mapping.entries().isEmpty()) {
            problems.add(
                    element.place(),
                    label + ": expected an endpoint with what is wanted of it, such as {mqtt: \"a/b\"}, was "
                            + element.kind());
            return null;
        }
        List<Element.Entry> entries = mapping.entries();
        if (entries.size() > 1) {
            problems.add(
                    entries.get(1).key().place(),
                    label + ": names '" + entries.get(0).key().text() + "' and '"
                            + entries.get(1).key().text() + "', expected one endpoint");
            return null;
        }
        return entries.get(0);
    }

    private interface SettingsOf {
        Class<? extends Record> of(Connector<?, ?, ?> connector);
    }

    private @Nullable Record settings(Element.Entry side, Class<? extends Record> ofDevices, SettingsOf ofConnector) {
        String name = side.key().text();
        if (name.equals(DEVICES)) {
            return binder.bind(ofDevices, side.value(), name);
        }
        Optional<Connector<?, ?, ?>> connector = connectors.get(name);
        if (connector == null) {
            Set<String> known = new TreeSet<>(connectors.keySet());
            known.add(DEVICES);
            problems.add(side.key().place(), "no endpoint is called '" + name + "'" + Guess.among(name, known));
            return null;
        }
        return connector.isEmpty() ? null : binder.bind(ofConnector.of(connector.get()), side.value(), name);
    }
}
