// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one AMQP message is to be, made of a message and of what the YAML says.
 *
 * @param sink tells the route's target from all others
 * @param id the same at every attempt, and never the same for two messages of one sink
 * @param expiresMillis wall-clock time from which on nobody wants it, in milliseconds since 1970; 0 for never
 * @param properties application properties, in their order
 */
record PreparedMessage(
        String sink,
        String address,
        AddressKind kind,
        String id,
        Body body,
        boolean isDurable,
        int priority,
        long expiresMillis,
        @Nullable String group,
        @Nullable Payload correlation,
        List<UserProperty> properties) {

    /**
     * Payload and what kind of it.
     *
     * @param contentType for the field of AMQP; null for none
     * @param isText whether it is sent as a text
     */
    record Body(Payload payload, @Nullable String contentType, boolean isText) {}
}
