// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The identity of a message inside Gantry, the same at every attempt to deliver it, so that a target can tell a
 * repetition. Unique across restarts as long as two starts of one gateway are not in the same millisecond with the same
 * random part.
 *
 * @param run names the run of the gateway that received the message
 * @param number counts the messages of that run from 1
 */
public record MessageId(long run, long number) {

    @Override
    public String toString() {
        return Long.toUnsignedString(run, 36) + "-" + Long.toUnsignedString(number, 36);
    }

    /** Gives each message of one run its identity. Safe for any number of threads. */
    public static final class Sequence {
        private final long run;
        private final AtomicLong number = new AtomicLong();

        /**
         * Starts at 1.
         *
         * @param startMillis wall-clock time of the start, in milliseconds since 1970
         * @param random tells apart two runs that started at the same time
         */
        public Sequence(long startMillis, int random) {
            this.run = (startMillis << 20) | (random & 0xFFFFF);
        }

        /** The next identity. */
        public MessageId next() {
            return new MessageId(run, number.incrementAndGet());
        }
    }
}
