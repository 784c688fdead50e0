// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.store.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant: those that fit everything given.
 *
 * @param route the route's name, or {@code route/endpoint} for one of its targets; null for any
 * @param id the identity of the message, as shown; null for any
 * @param fromMillis given up at this wall-clock time or later, in milliseconds since 1970
 * @param beforeMillis given up before this wall-clock time
 */
public record DeadLetterSelection(
        @Nullable String route, @Nullable String id, long fromMillis, long beforeMillis) {

    /** All of them. */
    public static DeadLetterSelection all() {
        return new DeadLetterSelection(null, null, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    boolean fits(DeadLetter letter) {
        return (route == null || letter.route().equals(route) || letter.route().startsWith(route + "/"))
                && (id == null || letter.message().id().toString().equals(id))
                && letter.atMillis() >= fromMillis
                && letter.atMillis() < beforeMillis;
    }
}
