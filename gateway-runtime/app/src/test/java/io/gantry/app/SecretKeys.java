// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.settings.Secret;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the secret keys of settings records: all there can be, and those that have a value. */
final class SecretKeys {
    private final Set<String> seen = new TreeSet<>();

    /** All there are in records of these types and in what they are made of, as {@code Record.component}. */
    static Set<String> of(Collection<Class<?>> roots) {
        Set<String> keys = new TreeSet<>();
        Set<Class<?>> visited = new HashSet<>();
        roots.forEach(root -> collect(root, root.getSimpleName(), keys, visited));
        return keys;
    }

    private static void collect(Type type, String name, Set<String> keys, Set<Class<?>> visited) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, name, keys, visited);
            }
        } else if (type == Secret.class) {
            keys.add(name);
        } else if (type instanceof Class<?> plain && plain.isRecord() && visited.add(plain)) {
            for (RecordComponent component : plain.getRecordComponents()) {
                collect(component.getGenericType(), nameOf(component), keys, visited);
            }
        }
    }

    private static String nameOf(RecordComponent component) {
        return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
    }

    /** Keeps which secret keys have a value in a record, and in whatever it is made of, and what each record says of itself. */
    void look(@Nullable Object value, StringBuffer said) throws ReflectiveOperationException {
        look(value, "", said);
    }

    private void look(@Nullable Object value, String name, StringBuffer said) throws ReflectiveOperationException {
        if (value instanceof Secret secret && !secret.reveal().isEmpty()) {
            seen.add(name);
        } else if (value instanceof Collection<?> items) {
            for (Object item : List.copyOf(items)) {
                look(item, name, said);
            }
        } else if (value instanceof Map<?, ?> entries) {
            look(entries.values(), name, said);
        } else if (value instanceof Record record) {
            said.append(record).append('\n');
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true);
                look(accessor.invoke(record), nameOf(component), said);
            }
        }
    }

    Set<String> seen() {
        return Set.copyOf(seen);
    }
}
