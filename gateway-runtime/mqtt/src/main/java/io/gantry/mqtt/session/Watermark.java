// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.mqtt.session.Overload.Step;

/**
 * How far a figure has risen above a mark. What has begun ends only clearly below, so that it does not come and go. One
 * thread.
 */
final class Watermark {
    private static final double END = 0.9;
    private static final double WHOLE = 100;

    private final double high;
    private final double higher;
    private final int patience;
    private int looksAbove;
    private Step step = Step.NONE;

    private Watermark(double high, double higher, int patience) {
        this.high = high;
        this.higher = higher;
        this.patience = patience;
    }

    /**
     * Of a share in percent; 0 for a mark that nothing reaches. The second step is half-way to the whole.
     *
     * @param patience looks in a row above the mark before it counts
     */
    static Watermark ofShare(int high, int patience) {
        return new Watermark(high, (high + WHOLE) / 2, patience);
    }

    /** Of a time in milliseconds, as above. The second step is at twice the mark. */
    static Watermark ofTime(long high, int patience) {
        return new Watermark(high, 2.0 * high, patience);
    }

    boolean isSet() {
        return high > 0;
    }

    double high() {
        return high;
    }

    Step step() {
        return step;
    }

    /** A figure that cannot wait for the next looks: at the second step it counts at once, and below that not at all. */
    Step warn(double found) {
        if (found >= higher) {
            step = Step.SLOWING;
        }
        return step;
    }

    Step look(double found) {
        looksAbove = found >= high ? looksAbove + 1 : 0;
        if (found < high * END || (step == Step.NONE && looksAbove < patience)) {
            step = Step.NONE;
        } else if (found >= higher) {
            step = Step.SLOWING;
        } else if (found < higher * END || step == Step.NONE) {
            step = Step.SHEDDING;
        }
        return step;
    }
}
