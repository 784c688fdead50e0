// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.FollowedTls;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives Kafka's clients the TLS of the endpoint's {@code tls:}, the same as all connectors have, and always has the
 * Kafka broker's host name checked. Public, as Kafka makes it by its name.
 */
public final class TlsEngines implements SslEngineFactory {
    /** The client's setting that holds the {@link FollowedTls} to use. */
    static final String CONTEXT = "gantry.tls.context";

    private @Nullable FollowedTls tls;

    @Override
    public void configure(Map<String, ?> configs) {
        tls = (FollowedTls) configs.get(CONTEXT);
    }

    @Override
    public SSLEngine createClientSslEngine(String peerHost, int peerPort, String ignored) {
        if (tls == null) {
            throw new IllegalStateException("no TLS context was given");
        }
        SSLEngine engine = tls.context().createSSLEngine(peerHost, peerPort);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
        throw new UnsupportedOperationException("the gateway is no Kafka broker");
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
        return false;
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return Set.of();
    }

    @Override
    public @Nullable KeyStore keystore() {
        return null;
    }

    @Override
    public @Nullable KeyStore truststore() {
        return null;
    }

    @Override
    public void close() {
        // It holds nothing open.
    }
}
