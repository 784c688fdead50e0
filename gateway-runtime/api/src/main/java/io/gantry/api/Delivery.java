// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import org.jspecify.annotations.Nullable;

/** What became of a message that was handed on. */
public sealed interface Delivery {

    /**
     * Taken: whoever it was handed to has responsibility, and the sender may forget it.
     *
     * @param answer what came back at once, for a message that was a request; otherwise null
     * @param cameRound whether it had been here before and was given to nobody, as all had it the first time: only a caller
     *     who waits is told
     */
    record Accepted(@Nullable Answer answer, boolean cameRound) implements Delivery {
        private static final Accepted WITHOUT_ANSWER = new Accepted(null, false);
        private static final Accepted CAME_ROUND = new Accepted(null, true);
    }

    /** Taken. */
    static Delivery accepted() {
        return Accepted.WITHOUT_ANSWER;
    }

    /** Taken and answered. */
    static Delivery answered(Answer answer) {
        return new Accepted(answer, false);
    }

    /** Taken and given to nobody, since it had been here before. */
    static Delivery cameRound() {
        return Accepted.CAME_ROUND;
    }

    /**
     * Never: handing it on again cannot help.
     *
     * @param reason a fixed text that is safe to show to a device
     */
    record Rejected(ReasonCode code, String reason) implements Delivery {}

    /**
     * Not now: the sender keeps it and may try again.
     *
     * @param reason a fixed text that is safe to show to a device
     * @param retry when
     */
    record Unavailable(ReasonCode code, String reason, Retry retry) implements Delivery {

        /** To be tried again after the sender's own back-off. */
        public Unavailable(ReasonCode code, String reason) {
            this(code, reason, Retry.soon());
        }
    }

    /**
     * The outcome of a message that had to be taken by both: the worse of the two, and never beats not now. Of two answers
     * the first counts.
     */
    default Delivery and(Delivery other) {
        if (this instanceof Accepted mine && other instanceof Accepted) {
            return mine.answer() == null ? other : this;
        }
        if (this instanceof Rejected || other instanceof Accepted) {
            return this;
        }
        return other instanceof Rejected || this instanceof Accepted ? other : this;
    }
}
