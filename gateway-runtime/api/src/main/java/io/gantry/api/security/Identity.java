// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is, as an authenticator found out.
 *
 * @param username what he is called from now on; null for one who said nothing and was let in all the same
 * @param roles names of roles, which say what he may do
 * @param attributes what access rules may name beside client and username: {@code cn}, {@code claim.site}
 * @param validUntilMillis wall-clock time at which the proof ends, in milliseconds since 1970;
 *     {@link #WITHOUT_END} for one that does not
 */
public record Identity(
        @Nullable String username, Set<String> roles, Map<String, String> attributes, long validUntilMillis) {

    /** Of a proof that does not end. */
    public static final long WITHOUT_END = Long.MAX_VALUE;

    public Identity {
        roles = Set.copyOf(roles);
        attributes = Map.copyOf(attributes);
    }

    /** Who it is, also once the proof has ended: what was made with the proof stays his. */
    public Identity withoutEnd() {
        return validUntilMillis == WITHOUT_END ? this : new Identity(username, roles, attributes, WITHOUT_END);
    }

    /** Somebody of whom nothing is known but a name, if that. */
    public static Identity named(@Nullable String username) {
        return new Identity(username, Set.of(), Map.of(), WITHOUT_END);
    }
}
