// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Why there is no connection to a broker.
 *
 * @param detail in a few words, with nothing that the broker sent
 * @param needsMending whether somebody must change something before it can work
 */
record Trouble(String detail, boolean needsMending) {
    private static final int LOWEST_V5_REFUSAL = 0x80;

    static final Trouble NOT_YET = new Trouble("not reached yet", false);
    static final Trouble RENEWED = new Trouble("the connection is renewed", false);
    static final Trouble LOST = new Trouble("the connection was lost", false);
    static final Trouble SILENT = new Trouble("it is silent", false);
    static final Trouble CLOSED = new Trouble("the endpoint is closed", false);

    /** A CONNACK or DISCONNECT that refuses. */
    static Trouble refused(int code) {
        return code < LOWEST_V5_REFUSAL ? ofReturnCode(code) : ofReasonCode(code);
    }

    /** Of MQTT 3.1.1. */
    private static Trouble ofReturnCode(int code) {
        return switch (code) {
            case 0 -> new Trouble("it has closed the connection", false);
            case 1 -> new Trouble("it does not speak this version of MQTT", true);
            case 2 -> new Trouble("it refuses the Client Identifier", true);
            case 3 -> new Trouble("it is not available", false);
            case 4 -> new Trouble("it refuses the user name or password", true);
            case 5 -> new Trouble("it does not let the gateway connect", true);
            default -> new Trouble("it refuses the connection", false);
        };
    }

    private static Trouble ofReasonCode(int code) {
        return switch (code) {
            case 0x84 -> new Trouble("it does not speak this version of MQTT", true);
            case 0x85 -> new Trouble("it refuses the Client Identifier", true);
            case 0x86, 0x8C -> new Trouble("it refuses the user name or password", true);
            case 0x87, 0x8A -> new Trouble("it does not let the gateway connect", true);
            case 0x8E -> new Trouble("another client has the Client Identifier", false);
            case 0x88, 0x89, 0x8B -> new Trouble("it is not available", false);
            case 0x97 -> new Trouble("a quota there is exceeded", false);
            case 0x9F -> new Trouble("it gets too many connections", false);
            case 0x9C, 0x9D -> new Trouble("it wants another server to be used", true);
            default -> new Trouble("it refuses the connection", false);
        };
    }

    /** A connection that failed or was lost. */
    static Trouble of(IOException failure) {
        if (failure instanceof HostileBrokerException hostile) {
            return new Trouble("it breaks the protocol: " + hostile.getMessage(), false);
        }
        if (isRefusedTls(failure)) {
            return new Trouble("its TLS certificate or version is refused, or it refuses the gateway's", true);
        }
        if (failure instanceof UnknownHostException) {
            return new Trouble("its name cannot be resolved", false);
        }
        return failure instanceof ConnectException ? new Trouble("it does not accept connections", false) : LOST;
    }

    /** A certificate that is not trusted or of another host, or no common version; not a handshake that was cut off. */
    private static boolean isRefusedTls(Throwable failure) {
        if (failure instanceof SSLPeerUnverifiedException) {
            return true;
        }
        boolean isHandshake = failure instanceof SSLHandshakeException
                || (failure instanceof SSLException
                        && String.valueOf(failure.getMessage()).contains("fatal alert"));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
            isHandshake &= !(cause instanceof IOException) || cause instanceof SSLException;
        }
        return isHandshake;
    }

    /** What it means for a message. */
    Delivery asDelivery() {
        return new Delivery.Unavailable(
                ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                "the remote broker is not connected: " + detail,
                needsMending ? Retry.whenMended() : Retry.soon());
    }
}
