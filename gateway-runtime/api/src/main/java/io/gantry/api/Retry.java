// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.time.Duration;

/**
 * When a message that was not taken may be offered again.
 *
 * @param notBefore the time the target asked for; zero when it said nothing, and the sender's own back-off decides
 * @param parked whether nothing can be taken until somebody mends something (a wrong password, a missing topic): the
 *     target is then only probed, and no message is given up for it
 */
public record Retry(Duration notBefore, boolean parked) {
    private static final Retry SOON = new Retry(Duration.ZERO, false);
    private static final Retry PARKED = new Retry(Duration.ZERO, true);

    public Retry {
        if (notBefore.isNegative()) {
            throw new IllegalArgumentException("a wait of " + notBefore);
        }
    }

    /** After the sender's own back-off. */
    public static Retry soon() {
        return SOON;
    }

    /** As the target asked, such as by {@code Retry-After}. */
    public static Retry after(Duration notBefore) {
        return new Retry(notBefore, false);
    }

    /** Slowly: the trouble is not the message's. */
    public static Retry whenMended() {
        return PARKED;
    }
}
