// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time on the command line: {@code 90s}, {@code 30m}, {@code 1h}, {@code 7d}. */
final class Length implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})([smhd])");

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException(
                    "expected a time such as 30m, 1h or 7d, was '" + Visible.of(text, 50) + "'");
        }
        return of(Long.parseLong(form.group(1)), form.group(2));
    }

    /** So many of a unit: {@code s}, {@code m}, {@code h} or {@code d}. */
    static Duration of(long amount, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
