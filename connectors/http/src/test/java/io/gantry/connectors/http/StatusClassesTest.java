// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A status that is not 2xx")
class StatusClassesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    private final StatusClasses ofFixedPath = new StatusClasses(true, CLOCK);
    private final StatusClasses ofFilledInPath = new StatusClasses(false, CLOCK);

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 501, 502, 503, 504, 507, 599, 100, 102, 199, 600, 999})
    @DisplayName("is tried again soon: time-outs, too many requests, and errors of the server [D14] [D16]")
    void soon(int status) {
        assertThat(retry(ofFixedPath, status)).isEqualTo(Retry.soon());
        assertThat(retry(ofFilledInPath, status)).isEqualTo(Retry.soon());
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308, 399, 401, 402, 403, 407, 421, 426})
    @DisplayName("parks the route: a redirect, and what is asked of who we are [D15]")
    void parks(int status) {
        assertThat(retry(ofFixedPath, status)).isEqualTo(Retry.whenMended());
        assertThat(retry(ofFilledInPath, status)).isEqualTo(Retry.whenMended());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410})
    @DisplayName("that says nothing is there parks a route with one path, and rejects the message that chose the path")
    void nothingThere(int status) {
        assertThat(retry(ofFixedPath, status)).isEqualTo(Retry.whenMended());
        assertThat(ofFilledInPath.outcomeOf(status, Map.of()))
                .isEqualTo(new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "the HTTP service answered " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 406, 409, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 428, 431, 451, 499})
    @DisplayName("rejects the message, with a fixed text [D15]")
    void rejects(int status) {
        assertThat(ofFixedPath.outcomeOf(status, Map.of()))
                .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.reason())
                        .isEqualTo("the HTTP service answered " + status));
        assertThat(ofFilledInPath.outcomeOf(status, Map.of())).isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName("409 with Retry-After is a first attempt that is still under way")
    void conflict() {
        assertThat(ofFixedPath.outcomeOf(409, Map.of("Retry-After", "2")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(Retry.after(Duration.ofSeconds(2))));
        assertThat(ofFixedPath.outcomeOf(409, Map.of("Retry-After", "-1"))).isInstanceOf(Delivery.Rejected.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            120                                 | 120
            0                                   | 0
            ' 7 '                               | 7
            900                                 | 900
            901                                 | 900
            315360000                           | 900
            99999999999999999999999999          | 900
            Sat, 21 Nov 2026 12:00:30 GMT       | 30
            Sat, 21 Nov 2026 11:59:30 GMT       | 0
            Wed, 21 Nov 2035 12:00:00 GMT       | 900
            Saturday, 21-Nov-26 12:01:00 GMT    | 60
            Sat Nov 21 12:02:00 2026            | 120
            -1                                  | 0
            1.5                                 | 0
            soon                                | 0
            ''                                  | 0
            """)
    @DisplayName("is tried again when Retry-After says, at most 15 minutes later [D14]")
    void retryAfter(String text, long seconds) {
        Retry expected = Retry.after(Duration.ofSeconds(seconds));

        assertThat(ofFixedPath.outcomeOf(429, Map.of("retry-after", text)))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(expected));
        assertThat(ofFixedPath.outcomeOf(503, Map.of("X", "9", "RETRY-AFTER", text)))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(expected));
    }

    private static Retry retry(StatusClasses classes, int status) {
        Delivery outcome = classes.outcomeOf(status, Map.of());
        assertThat(outcome).isInstanceOf(Delivery.Unavailable.class);
        return ((Delivery.Unavailable) outcome).retry();
    }
}
