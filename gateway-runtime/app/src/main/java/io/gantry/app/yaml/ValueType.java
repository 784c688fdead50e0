// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types that are written as one value. Reads them as a human does, not as YAML 1.1 does: {@code yes} is no truth
 * value, {@code 0123} and {@code 1_000} are no numbers, and a text is what is written.
 */
public final class ValueType {
    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9]\\d{0,18}");
    private static final Pattern DECIMAL = Pattern.compile("-?(?:0|[1-9]\\d{0,17})(?:\\.\\d{1,17})?");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    private ValueType() {}

    /** Whether the type is written as one value. */
    public static boolean isValue(Class<?> type) {
        return type == String.class
                || type == int.class
                || type == long.class
                || type == boolean.class
                || type == double.class
                || type == Duration.class
                || type.isEnum()
                || hasFromText(type);
    }

    /** What may be written for an enumeration. */
    public static List<String> choices(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> hasFromText(type) ? constant.toString() : choice(constant))
                .toList();
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException when the text is not of the type; its message is a clause such as "must be …"
     */
    static Object read(Class<?> type, String text) {
        if (hasFromText(type)) {
            return fromText(type, text);
        }
        if (type == String.class) {
            return text;
        }
        if (type == boolean.class) {
            return truth(text);
        }
        if (type == int.class) {
            return whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
        }
        if (type == long.class) {
            return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == double.class) {
            require(DECIMAL.matcher(text).matches(), "must be a number such as 0.5");
            return Double.valueOf(text);
        }
        return type == Duration.class ? duration(text) : enumConstant(type, text);
    }

    private static Boolean truth(String text) {
        require(text.equals("true") || text.equals("false"), "must be true or false");
        return Boolean.valueOf(text);
    }

    private static Long whole(String text, long least, long most) {
        require(
                WHOLE.matcher(text).matches(),
                "must be a whole number such as 1000, in decimal digits alone, without a leading 0");
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException("must be " + least + " to " + most, tooLarge);
        }
        require(value >= least && value <= most, "must be " + least + " to " + most);
        return value;
    }

    private static Duration duration(String text) {
        Matcher form = DURATION.matcher(text);
        require(form.matches(), "must be a time with its unit, such as 250ms, 5s, 10m, 1h or 7d");
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Object enumConstant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (choice(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("must be " + String.join(" or ", choices(type)));
    }

    private static String choice(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void require(boolean isMet, String expected) {
        if (!isMet) {
            throw new IllegalArgumentException(expected);
        }
    }

    private static boolean hasFromText(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals("fromText")
                        && Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == type
                        && method.getParameterCount() == 1
                        && method.getParameterTypes()[0] == String.class);
    }

    private static Object fromText(Class<?> type, String text) {
        try {
            Method fromText = type.getMethod("fromText", String.class);
            fromText.setAccessible(true);
            return fromText.invoke(null, text);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("fromText of " + type.getName(), refused);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(type.getName() + " cannot be read", bug);
        }
    }
}
