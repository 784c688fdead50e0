// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.DtlsHandshakeTimeoutException;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/** What it means that a request got no answer. */
final class SendFailures {
    private static final Delivery NO_ROOM = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "as many requests to the CoAP server are under way and wait as may");
    private static final Delivery NOT_TRUSTED = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            "the CoAP server and the gateway do not trust each other: DTLS was refused",
            Retry.whenMended());
    private static final Delivery NO_ANSWER =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the CoAP server has not answered");

    /** Flight of the client in which it first uses the keys: who gets no answer to it does not have the same. */
    private static final int FIRST_WITH_KEYS = 5;

    private static final Set<AlertDescription> PASSING =
            Set.of(AlertDescription.INTERNAL_ERROR, AlertDescription.CLOSE_NOTIFY, AlertDescription.USER_CANCELED);

    private SendFailures() {}

    static Delivery outcomeOf(Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            return NO_ROOM;
        }
        return isRefusedDtls(failure) ? NOT_TRUSTED : NO_ANSWER;
    }

    /** Why a server is waited for, in a few words that contain nothing of a message. */
    static String shown(Throwable failure) {
        if (isRefusedDtls(failure)) {
            return "DTLS is refused: keys or certificates do not fit";
        }
        return failure instanceof UnknownHostException ? "its name cannot be resolved" : "it does not answer";
    }

    private static boolean isRefusedDtls(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HandshakeException handshake) {
                AlertMessage alert = handshake.getAlert();
                return alert == null || !PASSING.contains(alert.getDescription());
            }
            if (cause instanceof DtlsHandshakeTimeoutException timeout) {
                return timeout.getFlightNumber() >= FIRST_WITH_KEYS;
            }
        }
        return false;
    }
}
