// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.MessageHeaders;
import java.util.ArrayList;
import java.util.List;

/** What a caller is told of what became of its message. */
final class DeliveryAnswers {
    private static final long LONGEST_WAIT_SECONDS = 900;
    private static final long PARKED_SECONDS = 60;

    private DeliveryAnswers() {}

    /**
     * The answer to a caller.
     *
     * @param properties whether what MQTT says about a device's answer goes along in headers
     */
    static HttpAnswer of(Delivery delivery, boolean properties) {
        if (delivery instanceof Delivery.Accepted accepted) {
            if (accepted.cameRound()) {
                return HttpAnswer.error(508, "this message has been here before: it goes round");
            }
            Answer answer = accepted.answer();
            return answer == null ? HttpAnswer.taken() : ofDevice(answer, properties);
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

    private static HttpAnswer ofDevice(Answer answer, boolean properties) {
        String contentType = answer.properties().contentType();
        List<UserProperty> headers = new ArrayList<>();
        if (properties) {
            MessageHeaders.write(answer, (name, value) -> headers.add(new UserProperty(name, AsciiText.encode(value))));
        }
        return new HttpAnswer(200, MediaType.orBytes(contentType), answer.payload(), headers);
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
