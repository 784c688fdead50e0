// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.admin.AdminException;
import io.gantry.app.restart.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** One way during one harm. Used on the test's thread. */
final class Round {
    private final Leg leg;
    private final boolean withPoison;
    private final int mayBeDuplicated;
    private final Sendings sendings = new Sendings();
    private final Map<String, Integer> cameBefore = new HashMap<>();
    private long givenUpBefore;

    /** Begins where the rounds before have ended. */
    Round(Leg leg, boolean withPoison, int mayBeDuplicated) throws Exception {
        this.leg = leg;
        this.withPoison = withPoison;
        this.mayBeDuplicated = mayBeDuplicated;
        this.givenUpBefore = leg.books().givenUp();
        leg.arrived().forEach(message -> cameBefore.merge(message.device(), 1, Integer::sum));
    }

    List<Callable<Void>> senders(Progress progress) {
        return leg.senders(progress, sendings, withPoison);
    }

    int confirmed() {
        return sendings.count();
    }

    /** The gateway has started anew, and may have begun to count anew. */
    void restarted() throws AdminException {
        givenUpBefore = Math.min(givenUpBefore, leg.books().givenUp());
    }

    /** As far as it has come. */
    Figures figures() throws Exception {
        Map<String, Integer> toSkip = new HashMap<>(cameBefore);
        List<Numbered> came = new ArrayList<>();
        for (Numbered message : leg.arrived()) {
            if (toSkip.merge(message.device(), -1, Integer::sum) < 0) {
                came.add(message);
            }
        }
        Books books = leg.books();
        return Figures.of(sendings, came, mayBeDuplicated, books.givenUp() - givenUpBefore, books);
    }
}
