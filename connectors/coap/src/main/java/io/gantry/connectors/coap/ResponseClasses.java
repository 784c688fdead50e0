// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.jspecify.annotations.Nullable;

/** What a code that is not 2.xx means for the message: never, not here until somebody mends something, or not now. */
final class ResponseClasses {
    /** A server that asks for more is asked again after as much. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    private final boolean pathIsFixed;

    /**
     * For one route.
     *
     * @param pathIsFixed whether all of its requests go to one path; if not, that there is nothing at a path is the fault
     *     of the message that has chosen it, and must not hold up the others
     */
    ResponseClasses(boolean pathIsFixed) {
        this.pathIsFixed = pathIsFixed;
    }

    /**
     * Classifies an answer.
     *
     * @param maxAge in seconds; null when the answer has none
     */
    Delivery outcomeOf(ResponseCode code, @Nullable Long maxAge) {
        String reason = "the CoAP server answered " + code.text;
        return switch (code) {
            case UNAUTHORIZED, FORBIDDEN -> whenMended(reason);
            case NOT_FOUND -> pathIsFixed ? whenMended(reason) : never(code, reason);
            // Blocks that did not come together, and requests that came too fast, can be sent again.
            case REQUEST_ENTITY_INCOMPLETE -> later(reason, null);
            case TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE -> later(reason, maxAge);
            default -> code.isClientError() ? never(code, reason) : later(reason, null);
        };
    }

    private static Delivery later(String reason, @Nullable Long maxAge) {
        Retry retry = maxAge == null
                ? Retry.soon()
                : Retry.after(Duration.ofSeconds(Math.min(Math.max(0, maxAge), LONGEST.toSeconds())));
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, retry);
    }

    private static Delivery whenMended(String reason) {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended());
    }

    private static Delivery never(ResponseCode code, String reason) {
        ReasonCode why =
                switch (code) {
                    case REQUEST_ENTITY_TOO_LARGE -> ReasonCode.PACKET_TOO_LARGE;
                    case BAD_REQUEST, UNSUPPORTED_CONTENT_FORMAT, UNPROCESSABLE_ENTITY ->
                        ReasonCode.PAYLOAD_FORMAT_INVALID;
                    case NOT_FOUND, METHOD_NOT_ALLOWED -> ReasonCode.TOPIC_NAME_INVALID;
                    default -> ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
                };
        return new Delivery.Rejected(why, reason);
    }
}
