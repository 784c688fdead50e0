// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.MessageId;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An endpoint in use together with the types its connector wants of routes. */
record OpenEndpoint<F extends Record, T extends Record>(
        ConnectedEndpoint<F, T> connected, Class<F> fromSettings, Class<T> toSettings) {

    String address() {
        return connected.address();
    }

    CamelSink sink(String route, Record settings) {
        return connected.sink(route, toSettings.cast(settings));
    }

    CamelSource source(String route, Record settings, MessageId.Sequence ids) {
        return connected.source(route, fromSettings.cast(settings), ids);
    }

    void startListening() {
        connected.startListening();
    }

    void stopListening() {
        connected.stopListening();
    }

    Map<String, Long> counts() {
        return connected.counts();
    }

    Optional<Instant> certificateExpiry() {
        return connected.certificateExpiry();
    }

    void close() {
        connected.close();
    }
}
