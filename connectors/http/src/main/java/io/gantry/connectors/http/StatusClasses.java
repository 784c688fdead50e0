// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What a status that is not 2xx means for the message: never, not here until somebody mends something, or not now. */
final class StatusClasses {
    private final boolean pathIsFixed;
    private final Clock clock;

    /**
     * For one route.
     *
     * @param pathIsFixed whether all of its requests go to one path; if not, that there is nothing at a path is the fault
     *     of the message that has chosen it, and must not hold up the others
     * @param clock tells how far away a date in Retry-After is
     */
    StatusClasses(boolean pathIsFixed, Clock clock) {
        this.pathIsFixed = pathIsFixed;
        this.clock = clock;
    }

    /**
     * Classifies an answer.
     *
     * @param headers of the answer, in any case
     */
    Delivery outcomeOf(int status, Map<String, String> headers) {
        String reason = "the HTTP service answered " + status;
        return switch (status) {
            case 408, 425, 429 -> later(reason, headers);
            // Where the first attempt is still under way, Idempotency-Key gives 409 too; such a service says when.
            case 409 -> asked(headers).isPresent() ? later(reason, headers) : never(status, reason);
            case 401, 402, 403, 407, 421, 426 -> whenMended(reason);
            // The message has gone round, and would again.
            case 508 -> never(status, reason);
            case 404, 405, 410 -> pathIsFixed ? whenMended(reason) : never(status, reason);
            default -> ofClass(status, reason, headers);
        };
    }

    /** An answer in place of a token: it is never one message's fault. */
    static OutcomeException ofTokenService(Response answer) {
        String reason = "the token service answered " + answer.status();
        Delivery outcome = new StatusClasses(true, Clock.systemUTC()).outcomeOf(answer.status(), answer.headers());
        return outcome instanceof Delivery.Unavailable later
                ? new OutcomeException(new Delivery.Unavailable(later.code(), reason, later.retry()), reason)
                : parked(reason);
    }

    /** A proxy's answer in place of a tunnel. */
    static OutcomeException ofProxy(int status) {
        String reason = "the proxy refuses a tunnel to the HTTP service: it answered " + status;
        return status / 100 == 5
                ? new OutcomeException(
                        new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason), reason)
                : parked(reason);
    }

    /** Until somebody mends it. */
    static OutcomeException parked(String reason) {
        return new OutcomeException(whenMended(reason), reason);
    }

    private Delivery ofClass(int status, String reason, Map<String, String> headers) {
        return switch (status / 100) {
            case 3 -> whenMended(reason);
            case 4 -> never(status, reason);
            default -> later(reason, headers);
        };
    }

    private Delivery later(String reason, Map<String, String> headers) {
        Retry retry = asked(headers).map(Retry::after).orElse(Retry.soon());
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, retry);
    }

    private Optional<Duration> asked(Map<String, String> headers) {
        return RetryAfter.in(headers, clock.instant());
    }

    private static Delivery whenMended(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended());
    }

    private static Delivery never(int status, String reason) {
        ReasonCode code =
                switch (status) {
                    case 413, 431 -> ReasonCode.PACKET_TOO_LARGE;
                    case 400, 415, 422 -> ReasonCode.PAYLOAD_FORMAT_INVALID;
                    case 404, 405, 410, 414 -> ReasonCode.TOPIC_NAME_INVALID;
                    default -> ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
                };
        return new Delivery.Rejected(code, reason);
    }
}
