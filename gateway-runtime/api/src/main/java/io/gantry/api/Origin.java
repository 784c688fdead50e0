// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a message came from. */
public sealed interface Origin {

    /** A device published it. */
    record Device(ClientId clientId, @Nullable String username) implements Origin {}

    /**
     * A source endpoint brought it.
     *
     * @param endpoint its name in the YAML
     * @param key the record's key as text, if it had one
     * @param headers the record's headers as text, in their order
     */
    record Endpoint(String endpoint, @Nullable String key, List<UserProperty> headers) implements Origin {
        public Endpoint {
            headers = List.copyOf(headers);
        }
    }

    /** The gateway itself says so, under {@code $SYS}; such a message enters no route and no store. */
    record Gateway() implements Origin {}
}
