// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.jspecify.annotations.Nullable;

/** An answer other than 2.xx. Carries no stack trace: it is an outcome, not a bug. */
final class ErrorAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ResponseCode code;
    private final @Nullable Long maxAge;
    private final boolean goesRound;

    /**
     * What the server said.
     *
     * @param maxAge in seconds; null when the answer has none
     * @param goesRound whether the code on the wire is 5.08
     */
    ErrorAnswerException(ResponseCode code, @Nullable Long maxAge, boolean goesRound) {
        super(goesRound ? "5.08" : code.text, null, false, false);
        this.code = code;
        this.maxAge = maxAge;
        this.goesRound = goesRound;
    }

    boolean goesRound() {
        return goesRound;
    }

    ResponseCode code() {
        return code;
    }

    @Nullable Long maxAge() {
        return maxAge;
    }
}
