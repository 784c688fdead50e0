// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of one way during one harm.
 *
 * @param sent messages that were confirmed to their senders, without those that can never be delivered
 * @param arrived of these
 * @param duplicated what arrived once more, or unasked
 * @param mayBeDuplicated how often that is allowed
 * @param inOrder whether each device's messages came first in the order in which they were sent
 * @param poison messages that can never be delivered
 * @param givenUp dead letters and rejected messages
 * @param booksClose whether the gateway accounts for all of it, and nothing waits
 */
record Figures(
        int sent,
        int arrived,
        int duplicated,
        int mayBeDuplicated,
        boolean inOrder,
        int poison,
        long givenUp,
        boolean booksClose) {

    static Figures of(Sendings sendings, List<Numbered> came, int mayBeDuplicated, long givenUp, Books books) {
        Set<Numbered> sent = new LinkedHashSet<>(sendings.confirmed());
        Set<Numbered> arrived = new LinkedHashSet<>(came);
        arrived.retainAll(sent);
        return new Figures(
                sent.size(),
                arrived.size(),
                came.size() - arrived.size(),
                mayBeDuplicated + sendings.repeated(),
                isInOrder(arrived),
                sendings.poison(),
                givenUp,
                books.closed() && books.waiting() == 0);
    }

    private static boolean isInOrder(Set<Numbered> first) {
        Map<String, Integer> last = new HashMap<>();
        for (Numbered message : first) {
            Integer before = last.put(message.device(), message.number());
            if (before != null && before > message.number()) {
                return false;
            }
        }
        return true;
    }

    int lost() {
        return sent - arrived;
    }

    /** Whether nothing more is to come. */
    boolean isComplete() {
        return lost() == 0 && givenUp >= poison && booksClose;
    }

    /** As a line of the table. */
    String line() {
        return "sent=" + (sent + poison) + " arrived=" + arrived + " lost=" + lost() + " duplicated=" + duplicated
                + " dead_lettered=" + givenUp;
    }
}
