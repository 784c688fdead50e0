// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import io.gantry.api.settings.Description;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A settings record as seen from the YAML: the one description that the reader, the schema and the documentation share.
 *
 * @param keys in the order of the record's components
 */
public record SettingsRecord<T>(Class<T> type, List<SettingsKey> keys) {

    /** Describes a record. */
    public static <T> SettingsRecord<T> of(Class<T> type) {
        List<SettingsKey> keys =
                Arrays.stream(type.getRecordComponents()).map(SettingsKey::of).toList();
        return new SettingsRecord<>(type, keys);
    }

    /** Whether a type is written as keys and values; a record that only has {@code fromText} is a value. */
    public static boolean isSettings(Class<?> type) {
        return type.isRecord()
                && (!ValueType.isValue(type)
                        || Arrays.stream(type.getRecordComponents())
                                .anyMatch(component -> component.isAnnotationPresent(Description.class)));
    }

    /** What the record is for; empty when it does not say. */
    public String description() {
        Description description = type.getAnnotation(Description.class);
        return description == null ? "" : description.value();
    }

    /** The key that a single value in place of the whole record stands for: the one that says so, the only one, or the only required one. */
    public Optional<SettingsKey> shortKey() {
        Optional<SettingsKey> named =
                keys.stream().filter(SettingsKey::isShortForm).findFirst();
        if (named.isPresent()) {
            return named;
        }
        List<SettingsKey> candidates = keys.size() == 1
                ? keys
                : keys.stream().filter(SettingsKey::isRequired).toList();
        return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
    }

    /** What the first key of a record holds: the one that tells it from others, for a line of text. */
    public static String firstValue(Record settings) {
        RecordComponent first = settings.getClass().getRecordComponents()[0];
        try {
            Method accessor = first.getAccessor();
            accessor.setAccessible(true);
            Object value = accessor.invoke(settings);
            return value instanceof List<?> items
                    ? items.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    : String.valueOf(value);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(first + " cannot be read", bug);
        }
    }

    /**
     * Calls the record's constructor.
     *
     * @throws IllegalArgumentException as the record does, when it refuses the values
     */
    T create(Object[] values) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("constructor of " + type.getName(), refused);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(type.getName() + " cannot be made from its settings", bug);
        }
    }
}
