// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;

/** What a CoAP client is answered. The texts are fixed: nothing of a message is in them. */
final class Answers {
    private static final long SOON_SECONDS = 5;
    private static final long LONGEST_SECONDS = 3_600;

    private Answers() {}

    static Response refusal(ResponseCode code, String reason) {
        Response response = new Response(code, true);
        response.setPayload(reason);
        return response;
    }

    /** For who is not let in, whatever he shows. */
    static Response banned() {
        return refusal(ResponseCode.FORBIDDEN, "the caller is on the ban list");
    }

    /** To be tried again. */
    static Response later(String reason) {
        return unavailable(reason, SOON_SECONDS);
    }

    /** What became of a request's message. */
    static Response of(Delivery delivery, CoapMethod method, boolean properties) {
        if (delivery instanceof Delivery.Accepted accepted && accepted.cameRound()) {
            Response loop = new HopLimitReached();
            loop.setPayload("this message has been here before: it goes round");
            return loop;
        }
        if (delivery instanceof Delivery.Accepted accepted) {
            return accepted.answer() == null ? new Response(done(method)) : of(accepted.answer(), method, properties);
        }
        if (delivery instanceof Delivery.Rejected rejected) {
            return refusal(codeOf(rejected.code()), rejected.reason());
        }
        Delivery.Unavailable unavailable = (Delivery.Unavailable) delivery;
        if (unavailable.equals(Answer.NOT_IN_TIME)) {
            return refusal(ResponseCode.GATEWAY_TIMEOUT, unavailable.reason());
        }
        Duration asked = unavailable.retry().notBefore();
        return unavailable(unavailable.reason(), asked.isZero() ? SOON_SECONDS : asked.toSeconds());
    }

    private static Response of(Answer answer, CoapMethod method, boolean properties) {
        Response response = new Response(method == CoapMethod.GET ? ResponseCode.CONTENT : done(method));
        response.setPayload(answer.payload().sharedBytes());
        AnswerProperties.write(answer, properties, response.getOptions());
        return response;
    }

    private static ResponseCode done(CoapMethod method) {
        return switch (method) {
            case GET -> ResponseCode.CONTENT;
            case POST, PUT -> ResponseCode.CHANGED;
            case DELETE -> ResponseCode.DELETED;
        };
    }

    private static ResponseCode codeOf(ReasonCode reason) {
        return switch (reason) {
            case NOT_AUTHORIZED, BANNED -> ResponseCode.FORBIDDEN;
            case PACKET_TOO_LARGE -> ResponseCode.REQUEST_ENTITY_TOO_LARGE;
            case UNSPECIFIED_ERROR -> ResponseCode.INTERNAL_SERVER_ERROR;
            default -> ResponseCode.BAD_REQUEST;
        };
    }

    private static Response unavailable(String reason, long seconds) {
        Response response = refusal(ResponseCode.SERVICE_UNAVAILABLE, reason);
        response.getOptions().setMaxAge(Math.min(seconds, LONGEST_SECONDS));
        return response;
    }
}
