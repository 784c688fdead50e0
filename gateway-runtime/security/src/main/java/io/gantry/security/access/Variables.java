// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.access;

import io.gantry.api.ClientId;
import io.gantry.api.TopicFilter;
import io.gantry.api.security.Identity;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the variables of rules stand for with one client. */
record Variables(Identity identity, ClientId clientId) implements Function<String, @Nullable String> {

    /**
     * The value of a variable.
     *
     * @return null for one that is not known, is empty, or is not the text of exactly one level: with it a rule would mean
     *     other topics than the one who wrote it thought of
     */
    @Override
    public @Nullable String apply(String name) {
        String value =
                switch (name) {
                    case "client" -> clientId.value();
                    case "username" -> identity.username();
                    default -> identity.attributes().get(name);
                };
        return value != null && isOneLevel(value) ? value : null;
    }

    private static boolean isOneLevel(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '/' || c == '+' || c == '#') {
                return false;
            }
        }
        return !value.isEmpty() && TopicFilter.fitsOnTheWire(value);
    }
}
