// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.ShortForm;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key of a settings record, as its component declares it.
 *
 * @param name in the YAML: {@code max-packet-size} for the component {@code maxPacketSize}
 * @param type what its value becomes
 * @param defaultText what it means when it is left out, as YAML
 * @param isNullable whether it may be left out without a default
 * @param isShortForm whether a single value in place of the whole record stands for it
 * @param description empty when the component has none
 */
public record SettingsKey(
        String name,
        Type type,
        Optional<String> defaultText,
        boolean isNullable,
        boolean isShortForm,
        String description) {

    static SettingsKey of(RecordComponent component) {
        DefaultValue defaultValue = component.getAnnotation(DefaultValue.class);
        Description description = component.getAnnotation(Description.class);
        return new SettingsKey(
                kebab(component.getName()),
                component.getGenericType(),
                Optional.ofNullable(defaultValue).map(DefaultValue::value),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                component.isAnnotationPresent(ShortForm.class),
                description == null ? "" : description.value());
    }

    /** Whether the YAML must have it. */
    public boolean isRequired() {
        return defaultText.isEmpty() && !isNullable;
    }

    /** An underscore at its end is there for Java alone, which lets no component be called {@code wait}. */
    private static String kebab(String camelCase) {
        return camelCase
                .replaceAll("_$", "")
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }
}
