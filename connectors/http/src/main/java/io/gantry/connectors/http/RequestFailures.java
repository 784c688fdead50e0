// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;

/** What it means that a request got no answer. */
final class RequestFailures {
    private static final Delivery NO_ROOM = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "as many requests to the HTTP service are under way and wait as may");
    private static final Delivery NOT_TRUSTED = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            "the HTTP service cannot be trusted: TLS was refused",
            Retry.whenMended());
    private static final Delivery NO_ANSWER =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the HTTP service has not answered");

    private static final Delivery DENIED = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            "the HTTP service's name leads to a private address, which deny-private-addresses refuses",
            Retry.whenMended());

    private RequestFailures() {}

    static Delivery outcomeOf(Throwable failure) {
        if (failure instanceof OutcomeException known) {
            return known.outcome();
        }
        if (failure instanceof RejectedExecutionException) {
            return NO_ROOM;
        }
        if (isDenied(failure)) {
            return DENIED;
        }
        return isRefusedTls(failure) ? NOT_TRUSTED : NO_ANSWER;
    }

    /** Whether the service has the request, and has not answered in time. */
    static boolean isLate(Throwable failure) {
        return failure instanceof SocketTimeoutException && !(failure instanceof ConnectTimeoutException);
    }

    /** Of another service than the endpoint's own, on the way there. */
    static OutcomeException withoutAnswer(String who, Throwable failure) {
        Delivery.Unavailable outcome = isRefusedTls(failure)
                ? new Delivery.Unavailable(
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                        who + " cannot be trusted: TLS was refused",
                        Retry.whenMended())
                : isDenied(failure)
                        ? new Delivery.Unavailable(
                                ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                                who + "'s name leads to a private address, which deny-private-addresses refuses",
                                Retry.whenMended())
                        : new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, who + " has not answered");
        return new OutcomeException(outcome, outcome.reason());
    }

    private static boolean isDenied(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PublicAddresses.DeniedException) {
                return true;
            }
        }
        return false;
    }

    /** Why a service is waited for, in a few words that contain nothing of a message. */
    static String shown(IOException failure) {
        if (failure instanceof OutcomeException known) {
            return known.kind();
        }
        if (isDenied(failure)) {
            return "its name leads to a private address";
        }
        if (isRefusedTls(failure)) {
            return "its TLS certificate or version is refused";
        }
        if (failure instanceof UnknownHostException) {
            return "its name cannot be resolved";
        }
        return failure instanceof HttpHostConnectException || failure instanceof ConnectTimeoutException
                ? "it does not accept connections"
                : "it does not answer";
    }

    /** A certificate that is not trusted or of another host, or no common version; not a handshake that was cut off. */
    private static boolean isRefusedTls(Throwable failure) {
        if (failure instanceof SSLPeerUnverifiedException) {
            return true;
        }
        boolean isHandshake = failure instanceof SSLHandshakeException;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
            isHandshake &= !(cause instanceof IOException) || cause instanceof SSLException;
        }
        return isHandshake;
    }
}
