// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Message;
import io.gantry.api.Qos;
import java.util.Optional;

/**
 * At which QoS a message is published.
 *
 * @param fixed for every message; empty when each keeps its own
 */
public record QosChoice(Optional<Qos> fixed) {
    private static final String KEEP = "keep";

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static QosChoice fromText(String text) {
        if (text.equals(KEEP)) {
            return new QosChoice(Optional.empty());
        }
        try {
            return new QosChoice(Optional.of(Qos.fromText(text)));
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException("must be 0, 1, 2 or keep", other);
        }
    }

    public Qos of(Message message) {
        return fixed.orElseGet(message::qos);
    }

    @Override
    public String toString() {
        return fixed.map(Qos::toString).orElse(KEEP);
    }
}
