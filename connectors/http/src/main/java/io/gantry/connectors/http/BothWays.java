// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.MessageId;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An HTTP endpoint that listens, and may be a service as well. */
final class BothWays implements ConnectedEndpoint<HttpFrom, HttpTo> {
    private final @Nullable ConnectedHttp service;
    private final Listener listener;

    BothWays(@Nullable ConnectedHttp service, Listener listener) {
        this.service = service;
        this.listener = listener;
    }

    @Override
    public String address() {
        return service == null ? listener.address() : service.address() + ", " + listener.address();
    }

    @Override
    public CamelSink sink(String route, HttpTo settings) {
        if (service == null) {
            throw new InvalidSettingException("a route can end only at an http endpoint with url");
        }
        return service.sink(route, settings);
    }

    @Override
    public CamelSource source(String route, HttpFrom settings, MessageId.Sequence ids) {
        return listener.source(route, settings, ids);
    }

    @Override
    public void startListening() {
        listener.start();
    }

    @Override
    public void stopListening() {
        listener.refuseNew();
    }

    @Override
    public Map<String, Long> counts() {
        return listener.counts();
    }

    @Override
    public Optional<Instant> certificateExpiry() {
        return listener.certificateExpiry();
    }

    @Override
    public void close() {
        listener.close();
        if (service != null) {
            service.close();
        }
    }
}
