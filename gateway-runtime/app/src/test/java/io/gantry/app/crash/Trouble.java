// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

/**
 * What a network does to connections.
 *
 * @param amount what the kind says
 */
public record Trouble(Kind kind, int amount) {
    public static final Trouble NONE = new Trouble(Kind.NONE, 0);
    static final Trouble BLACK_HOLE = new Trouble(Kind.BLACK_HOLE, 0);
    static final Trouble RESET = new Trouble(Kind.RESET, 0);
    public static final Trouble REFUSE = new Trouble(Kind.REFUSE, 0);
    static final Trouble ONE_BYTE_AT_A_TIME = new Trouble(Kind.ONE_BYTE_AT_A_TIME, 0);

    /** What it is that is done. */
    public enum Kind {
        /** All is well. */
        NONE,
        /** Each piece takes so many milliseconds more. */
        LATENCY,
        /** Each connection is reset when so many bytes have passed in one direction. */
        CUT,
        /** Connections are taken, and nothing passes until the trouble is over. */
        BLACK_HOLE,
        /** Each connection is reset as soon as something is to pass. */
        RESET,
        /** Everything passes, in as many pieces as there are bytes. */
        ONE_BYTE_AT_A_TIME,
        /** In each piece towards the target that is at least so long, one bit near its end is turned over. */
        CORRUPT,
        /** Connections are reset, and nobody listens. */
        REFUSE
    }

    static Trouble latency(int millis) {
        return new Trouble(Kind.LATENCY, millis);
    }

    static Trouble cutAfter(int bytes) {
        return new Trouble(Kind.CUT, bytes);
    }

    static Trouble corrupt(int pieces) {
        return new Trouble(Kind.CORRUPT, pieces);
    }
}
