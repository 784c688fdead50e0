// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;

/** What a caller is told of what became of its message. */
final class DeliveryAnswers {
    private static final long LONGEST_WAIT_SECONDS = 900;
    private static final long PARKED_SECONDS = 60;

    private DeliveryAnswers() {}

    static HttpAnswer of(Delivery delivery) {
        if (delivery instanceof Delivery.Accepted accepted) {
            Answer answer = accepted.answer();
            return answer == null ? HttpAnswer.taken() : of(answer);
        }
        if (delivery.equals(Answer.NOT_IN_TIME)) {
            return HttpAnswer.error(504, "no answer came in time");
        }
        if (delivery instanceof Delivery.Unavailable later) {
            return notNow(later);
        }
        Delivery.Rejected never = (Delivery.Rejected) delivery;
        return HttpAnswer.error(status(never.code()), never.reason());
    }

    private static HttpAnswer of(Answer answer) {
        String contentType = answer.properties().contentType();
        return HttpAnswer.of(200, MediaType.orBytes(contentType), answer.payload());
    }

    private static HttpAnswer notNow(Delivery.Unavailable later) {
        long asked = (later.retry().notBefore().toMillis() + 999) / 1_000;
        long wait = later.retry().parked() ? PARKED_SECONDS : Math.min(LONGEST_WAIT_SECONDS, Math.max(1, asked));
        return later.code() == ReasonCode.MESSAGE_RATE_TOO_HIGH
                ? HttpAnswer.error(429, later.reason()).with("Retry-After", Long.toString(wait))
                : HttpAnswer.notNow(later.reason(), wait);
    }

    private static int status(ReasonCode code) {
        return switch (code) {
            case TOPIC_NAME_INVALID, TOPIC_FILTER_INVALID, MALFORMED_PACKET, PROTOCOL_ERROR -> 400;
            case NOT_AUTHORIZED, BANNED, BAD_USER_NAME_OR_PASSWORD -> 403;
            case PACKET_TOO_LARGE -> 413;
            case MESSAGE_RATE_TOO_HIGH -> 429;
            default -> 422;
        };
    }
}
