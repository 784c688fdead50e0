// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The header by which a service says when to come again (RFC 9110 §10.2.3): seconds, or a date. */
final class RetryAfter {
    /** A service that asks for more is asked again after as much. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,64}");
    private static final int MOST_DIGITS = 6;

    /** The three forms of a date that HTTP knows (RFC 9110 §5.6.7), the usual one first. */
    private static final List<DateTimeFormatter> DATES = Stream.of(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM ppd HH:mm:ss yyyy")
            .map(form -> DateTimeFormatter.ofPattern(form, Locale.US).withZone(ZoneOffset.UTC))
            .toList();

    private RetryAfter() {}

    /**
     * How long to wait from now on, at most {@link #LONGEST}; zero for a time that is over. Empty when there is no such
     * header, or none that means something.
     *
     * @param headers in any case
     */
    static Optional<Duration> in(Map<String, String> headers, Instant now) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Retry-After") && header.getValue() != null)
                .flatMap(header -> wait(header.getValue().strip(), now).stream())
                .map(RetryAfter::limited)
                .findFirst();
    }

    private static Optional<Duration> wait(String text, Instant now) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(text.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(text)));
        }
        return DATES.stream()
                .flatMap(form -> date(form, text).stream())
                .map(date -> Duration.between(now, date))
                .findFirst();
    }

    private static Optional<Instant> date(DateTimeFormatter form, String text) {
        try {
            return Optional.of(form.parse(text, Instant::from));
        } catch (DateTimeParseException otherForm) {
            return Optional.empty();
        }
    }

    private static Duration limited(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
