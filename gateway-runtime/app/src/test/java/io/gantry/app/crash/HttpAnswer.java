// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

/**
 * How an HTTP target answers one request.
 *
 * @param retryAfter the value of the header; empty for none
 */
record HttpAnswer(Manner manner, int status, String retryAfter) {
    static final HttpAnswer OK = status(200);
    static final HttpAnswer HANG = new HttpAnswer(Manner.HANG, 200, "");
    static final HttpAnswer RESET = new HttpAnswer(Manner.RESET, 200, "");
    static final HttpAnswer TAKE_AND_RESET = new HttpAnswer(Manner.TAKE_AND_RESET, 200, "");
    static final HttpAnswer SLOW = new HttpAnswer(Manner.SLOW, 200, "");

    enum Manner {
        /** At once. */
        PROMPT,
        /** Takes the request, and is silent from then on. */
        HANG,
        /** Resets the connection and takes nothing. */
        RESET,
        /** Takes the request, and resets the connection. */
        TAKE_AND_RESET,
        /** A byte every few milliseconds. */
        SLOW
    }

    static HttpAnswer status(int status) {
        return new HttpAnswer(Manner.PROMPT, status, "");
    }

    static HttpAnswer later(int status, String retryAfter) {
        return new HttpAnswer(Manner.PROMPT, status, retryAfter);
    }

    /** Whether the target has the message when it answers so, whatever its sender learns of that. */
    boolean takes() {
        return status / 100 == 2 && manner != Manner.RESET;
    }
}
