// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/** What became of a message that was handed on. */
public sealed interface Delivery {

    /** Taken: whoever it was handed to has responsibility, and the sender may forget it. */
    record Accepted() implements Delivery {
        private static final Accepted ALWAYS_THE_SAME = new Accepted();
    }

    /** Taken. */
    static Delivery accepted() {
        return Accepted.ALWAYS_THE_SAME;
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

    /** The outcome of a message that had to be taken by both: the worse of the two, and never beats not now. */
    default Delivery and(Delivery other) {
        if (this instanceof Rejected || other instanceof Accepted) {
            return this;
        }
        return other instanceof Rejected || this instanceof Accepted ? other : this;
    }
}
