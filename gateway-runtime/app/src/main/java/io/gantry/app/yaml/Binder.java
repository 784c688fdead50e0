// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes settings records from elements, by the conventions of {@code io.gantry.api.settings}. What does not fit
 * becomes a problem at its place, and reading goes on, so that one run finds everything.
 */
public final class Binder {
    private final Problems problems;
    private final NotYetBuilt notYetBuilt;
    private final Map<Class<?>, Reading<?>> readings = new HashMap<>();
    private final IdentityHashMap<Object, Place> places = new IdentityHashMap<>();

    /** Reads one type in its own way. */
    @FunctionalInterface
    public interface Reading<T> {
        /** The value; null when a problem was noted. */
        @Nullable T read(Element element, String label);
    }

    /** Keys that are announced but cannot be used yet. */
    @FunctionalInterface
    public interface NotYetBuilt {
        boolean contains(Class<?> record, String key);
    }

    /** Notes problems in the given list. */
    public Binder(Problems problems, NotYetBuilt notYetBuilt) {
        this.problems = problems;
        this.notYetBuilt = notYetBuilt;
    }

    /** From now on reads a type in a way of its own. */
    public <T> void read(Class<T> type, Reading<T> reading) {
        readings.put(type, reading);
    }

    /** Where a record, or a value with a {@code fromText}, was read; where a default applies, its record's place. */
    public Place placeOf(Object bound) {
        Place place = places.get(bound);
        if (place == null) {
            throw new IllegalArgumentException("not read by this binder");
        }
        return place;
    }

    /**
     * Reads a value of any type.
     *
     * @param label names the element in messages: its key; empty for the root
     * @return null when there was a problem, which is noted
     */
    public <T> @Nullable T bind(Class<T> type, Element element, String label) {
        return type.cast(bindAny(type, element, label));
    }

    private @Nullable Object bindAny(Type type, Element element, String label) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? items(arguments[0], element, label)
                    : entries(arguments[1], element, label);
        }
        Class<?> plain = (Class<?>) type;
        Reading<?> reading = readings.get(plain);
        Object bound = reading != null ? reading.read(element, label) : bindPlain(plain, element, label);
        if (bound != null && !places.containsKey(bound)) {
            places.put(bound, element.place());
        }
        return bound;
    }

    /** As {@link #bind}, by the conventions alone, even when the type has a reading of its own. */
    public <T> @Nullable T bindByConvention(Class<T> type, Element element, String label) {
        return type.cast(bindPlain(type, element, label));
    }

    private @Nullable Object bindPlain(Class<?> type, Element element, String label) {
        boolean asValue =
                ValueType.isValue(type) && !(SettingsRecord.isSettings(type) && element instanceof Element.Mapping);
        return asValue ? value(type, element, label) : bindRecord(type, element, label);
    }

    private @Nullable Object value(Class<?> type, Element element, String label) {
        if (!(element instanceof Element.Scalar scalar) || element.isNothing()) {
            problems.add(element.place(), labelled(label) + "expected a single value, was " + element.kind());
            return null;
        }
        if (type == Secret.class) {
            problems.hide(scalar.text(), "[hidden]");
            warnOfOpenSecret(scalar, label);
        } else if (UriSecrets.isIn(label, scalar.text())) {
            warnOfOpenSecret(scalar, label);
        }
        try {
            return ValueType.read(type, scalar.text());
        } catch (IllegalArgumentException refused) {
            String clause = String.valueOf(refused.getMessage());
            boolean keepsValue = type == Secret.class
                    || SettingsRecord.isSettings(type)
                    || clause.contains("'" + scalar.text() + "'");
            problems.add(
                    scalar.place(), labelled(label) + clause + (keepsValue ? "" : ", was '" + scalar.text() + "'"));
            return null;
        }
    }

    private void warnOfOpenSecret(Element.Scalar scalar, String label) {
        if (scalar.source() == Element.Source.OPEN_FILE) {
            problems.warn(
                    scalar.place(),
                    labelled(label) + "a secret from a file that everybody on this machine may read, expected a file"
                            + " that only the gateway's user may (chmod 600)");
        } else if (scalar.source() == Element.Source.WRITTEN && !scalar.text().isEmpty()) {
            problems.warn(
                    scalar.place(),
                    labelled(label) + "a secret stands in the file itself, expected ${NAME} from the environment or"
                            + " ${file:PATH}");
        }
    }

    private @Nullable List<Object> items(Type type, Element element, String label) {
        List<Element> elements = element instanceof Element.Items list ? list.items() : List.of(element);
        List<Object> bound = new ArrayList<>();
        if (element.isNothing()) {
            return List.of();
        }
        for (Element item : elements) {
            Object value = bindAny(type, item, label);
            if (value != null) {
                bound.add(value);
            }
        }
        return bound.size() == elements.size() ? List.copyOf(bound) : null;
    }

    private @Nullable Map<String, Object> entries(Type type, Element element, String label) {
        if (element.isNothing()) {
            return Map.of();
        }
        if (!(element instanceof Element.Mapping mapping)) {
            problems.add(
                    element.place(), labelled(label) + "expected a mapping of names to values, was " + element.kind());
            return null;
        }
        Map<String, Object> bound = new LinkedHashMap<>();
        for (Element.Entry entry : mapping.entries()) {
            if (entry.value() instanceof Element.Scalar fixed
                    && UriSecrets.isEntry(label, entry.key().text(), fixed.text())) {
                warnOfOpenSecret(fixed, entry.key().text());
            }
            Object value = bindAny(type, entry.value(), entry.key().text());
            if (value != null) {
                bound.put(entry.key().text(), value);
            }
        }
        return bound.size() == mapping.entries().size() ? Collections.unmodifiableMap(bound) : null;
    }

    private <T> @Nullable T bindRecord(Class<T> type, Element element, String label) {
        SettingsRecord<T> settings = SettingsRecord.of(type);
        Element.Mapping mapping = asMapping(settings, element, label);
        if (mapping == null) {
            return null;
        }
        int before = problems.count();
        Set<String> misspelt = refuseUnknownKeys(settings, mapping);
        Object[] values = settings.keys().stream()
                .map(key -> component(key, mapping, label, misspelt.contains(key.name())))
                .toArray();
        boolean incomplete = problems.count() > before || lacksWhatIsWritten(settings.keys(), values, mapping);
        return incomplete ? null : create(settings, values, mapping, label);
    }

    /** The problem may have been noted elsewhere: a route cannot be read when the endpoint it names could not be. */
    private static boolean lacksWhatIsWritten(List<SettingsKey> keys, Object[] values, Element.Mapping mapping) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null && mapping.value(keys.get(i).name()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Element.@Nullable Mapping asMapping(SettingsRecord<?> settings, Element element, String label) {
        if (element instanceof Element.Mapping mapping) {
            return mapping;
        }
        if (element.isNothing()) {
            return new Element.Mapping(element.place(), List.of(), 1);
        }
        if (element instanceof Element.Scalar scalar && settings.shortKey().isPresent()) {
            String key = settings.shortKey().orElseThrow().name();
            Element.Scalar name = new Element.Scalar(scalar.place(), key, true);
            return new Element.Mapping(scalar.place(), List.of(new Element.Entry(name, scalar)), 1);
        }
        problems.add(
                element.place(),
                labelled(label) + "expected a mapping with "
                        + settings.keys().stream()
                                .map(key -> "'" + key.name() + "'")
                                .collect(Collectors.joining(", ")) + ", was " + element.kind());
        return null;
    }

    /** Notes unknown keys; returns those they are likely meant to be, which need not be missed as well. */
    private Set<String> refuseUnknownKeys(SettingsRecord<?> settings, Element.Mapping mapping) {
        Collection<String> known =
                settings.keys().stream().map(SettingsKey::name).toList();
        Set<String> misspelt = new HashSet<>();
        for (Element.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (known.contains(key)) {
                continue;
            }
            boolean isNotYetBuilt = notYetBuilt.contains(settings.type(), key);
            problems.add(
                    entry.key().place(),
                    isNotYetBuilt
                            ? "'" + key + "' is not supported by this version"
                            : "unknown key '" + key + "'" + Guess.among(key, known));
            Guess.nearest(key, known).ifPresent(misspelt::add);
        }
        return misspelt;
    }

    private @Nullable Object component(SettingsKey key, Element.Mapping mapping, String label, boolean isMisspelt) {
        Element element = mapping.value(key.name()).orElse(null);
        if (element != null) {
            return bindAny(key.type(), element, key.name());
        }
        if (key.defaultText().isPresent()) {
            return defaultOf(key, mapping.place());
        }
        if (key.isRequired() && !isMisspelt) {
            problems.add(mapping.place(), labelled(label) + "'" + key.name() + "' is missing");
        }
        return null;
    }

    private Object defaultOf(SettingsKey key, Place place) {
        Problems ours = new Problems();
        String text = key.defaultText().orElseThrow();
        Element element = text.isEmpty()
                ? new Element.Scalar(place, "", false)
                : YamlText.read("", text, new Placeholders(name -> null), ours);
        Binder defaults = new Binder(ours, notYetBuilt);
        defaults.readings.putAll(readings);
        Object value = element == null ? null : defaults.bindAny(key.type(), element, key.name());
        if (value == null) {
            throw new IllegalStateException("the default of '" + key.name() + "': " + ours.sorted());
        }
        defaults.places.keySet().forEach(bound -> places.put(bound, place));
        return value;
    }

    private <T> @Nullable T create(SettingsRecord<T> settings, Object[] values, Element.Mapping mapping, String label) {
        try {
            return settings.create(values);
        } catch (InvalidSettingException refused) {
            Place place =
                    refused.key().flatMap(mapping::value).map(Element::place).orElse(mapping.place());
            problems.add(place, labelled(refused.key().orElse(label)) + refused.getMessage());
        } catch (IllegalArgumentException refused) {
            problems.add(mapping.place(), labelled(label) + refused.getMessage());
        }
        return null;
    }

    private static String labelled(String label) {
        return label.isEmpty() ? "" : label + ": ";
    }
}
