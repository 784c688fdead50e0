// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminClient;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which dead letters are meant: those that fit everything given. */
final class SelectionOption {

    @Option(
            names = "--route",
            paramLabel = "ROUTE",
            description = "Of this route, or of one of its targets: ROUTE/TARGET.")
    private @Nullable String route;

    @Option(names = "--id", paramLabel = "ID", description = "The message with this id.")
    private @Nullable String id;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Given up then or later: 2026-11-21T18:00:00Z, or -1h for an hour ago.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", converter = Moment.class, description = "Given up before then.")
    private @Nullable Instant to;

    AdminClient.Selection selection() {
        return new AdminClient.Selection(
                route, id, from == null ? null : from.toString(), to == null ? null : to.toString());
    }

    /** A time, or how long ago. */
    static final class Moment implements ITypeConverter<Instant> {
        private static final Pattern AGO = Pattern.compile("-(\\d{1,6})(s|m|h|d)");

        @Override
        public Instant convert(String text) {
            Matcher ago = AGO.matcher(text);
            if (ago.matches()) {
                return Instant.now().minus(Length.of(Long.parseLong(ago.group(1)), ago.group(2)));
            }
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException malformed) {
                throw new TypeConversionException(
                        "expected a time such as 2026-11-21T18:00:00Z, or -30m, -1h, -7d, was '" + Visible.of(text, 50)
                                + "'");
            }
        }
    }
}
