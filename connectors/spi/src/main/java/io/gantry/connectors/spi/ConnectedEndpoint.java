// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.MessageId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint of the YAML in use: shares what can be shared (clients, pools) among the routes that name it.
 *
 * @param <F> what a route wants of it on its {@code from} side
 * @param <T> what a route wants of it on its {@code to} side
 */
public interface ConnectedEndpoint<F extends Record, T extends Record> extends AutoCloseable {

    /** Where it points, for one line at start-up; no secrets: {@code kafka localhost:9092}. */
    String address();

    /** The way from a route into the target system. */
    CamelSink sink(String route, T settings);

    /**
     * The way from the target system into a route.
     *
     * @param ids gives each message that comes in its identity
     */
    CamelSource source(String route, F settings, MessageId.Sequence ids);

    /**
     * Lets callers in: the routes that start here have started. An endpoint that only calls others has nothing to do.
     *
     * @throws java.io.UncheckedIOException when the address cannot be listened on
     */
    default void startListening() {}

    /** Lets nobody in any longer; the routes that start here stop afterwards. */
    default void stopListening() {}

    /** What has happened here besides the messages of its routes, since the start; always the same events. Any thread. */
    default Map<String, Long> counts() {
        return Map.of();
    }

    /** When the first of the certificates ends that are shown to callers; empty while none are. Any thread. */
    default Optional<Instant> certificateExpiry() {
        return Optional.empty();
    }

    /** Closes what the routes shared; they have stopped before. */
    @Override
    void close();
}
