// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

/** A request that asks for something that cannot be; its message is for whoever sent it. Without a stack: nothing is broken. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static Refusal badRequest(String message) {
        return new Refusal(400, message);
    }

    Answer answer() {
        return Answer.error(status, String.valueOf(getMessage()));
    }
}
