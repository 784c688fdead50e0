// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

/** A message that the broker has not accepted, or not said so. Carries no stack trace: it is an outcome, not a bug. */
final class NotSentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Stage stage;

    NotSentException(Stage stage, String reason, Throwable cause) {
        super(reason, cause, false, false);
        this.stage = stage;
    }

    NotSentException(Stage stage, String reason) {
        super(reason, null, false, false);
        this.stage = stage;
    }

    Stage stage() {
        return stage;
    }

    /** How far it came. */
    enum Stage {
        /** There is no connection. */
        CONNECTING,
        /** As many as may be are under way. */
        WAITING,
        /** It was sent, or could not be; what became of it is not known, or it was given back. */
        SENDING,
        /** The broker has said that it rejects it. */
        REJECTED,
        /** The broker has accepted it, and nobody has answered. */
        ANSWERING
    }
}
