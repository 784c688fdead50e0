// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.TimeDefinition;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;

/** Californium's settings, all from the YAML or from here: no file is read or written. */
final class Configurations {
    /** Bodies that are put together from blocks at once. */
    static final int MOST_TRANSFERS = 100;

    private static final int BEYOND_BLOCK = 1_024;
    private static final int MOST_PEERS = 10_000;
    private static final int MOST_OUTGOING = 20_000;
    private static final int MOST_CONNECTIONS = 10_000;

    private Configurations() {}

    static Configuration ofTarget(CoapEndpointSettings settings) {
        Configuration configuration = common(settings);
        configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, (int)
                settings.maxResponseSize().bytes());
        // Sockets are changed before a message id could come again.
        configuration.set(CoapConfig.MID_TRACKER, CoapConfig.TrackerMode.NULL);
        configuration.set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
        configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 8);
        // None of its own, but a server may give itself one and so know us again behind another address.
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
        return configuration;
    }

    static Configuration ofListener(CoapEndpointSettings settings) {
        Configuration configuration = common(settings);
        configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, (int)
                settings.maxRequestSize().bytes());
        configuration.set(CoapConfig.MAX_SERVER_OBSERVES, settings.maxObservers());
        configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY);
        configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, MOST_CONNECTIONS);
        configuration.set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, 5, TimeUnit.MINUTES);
        configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 6);
        // A forged address costs no more than the datagram that asks it whether it is there.
        configuration.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, true);
        configuration.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST_FOR_PSK, true);
        return configuration;
    }

    /** As a listener's, for what remembers peers rather than bodies. */
    static Configuration ofPeers(Configuration listener) {
        return new Configuration(listener).set(CoapConfig.MAX_ACTIVE_PEERS, MOST_PEERS);
    }

    private static Configuration common(CoapEndpointSettings settings) {
        Configuration configuration = new Configuration(
                SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, DtlsConfig.DEFINITIONS);
        configuration.set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS);
        set(configuration, CoapConfig.ACK_TIMEOUT, settings.ackTimeout());
        set(configuration, CoapConfig.MAX_ACK_TIMEOUT, Duration.ofMinutes(10));
        configuration.set(CoapConfig.MAX_RETRANSMIT, settings.maxRetransmit());
        configuration.set(CoapConfig.PREFERRED_BLOCK_SIZE, settings.blockSize());
        configuration.set(CoapConfig.MAX_MESSAGE_SIZE, settings.blockSize());
        configuration.set(CoapConfig.MAX_ACTIVE_PEERS, MOST_TRANSFERS);
        configuration.set(CoapConfig.MAX_PEER_INACTIVITY_PERIOD, 250, TimeUnit.SECONDS);
        configuration.set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, 30, TimeUnit.SECONDS);
        configuration.set(CoapConfig.BLOCKWISE_STATUS_INTERVAL, 5, TimeUnit.SECONDS);
        configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
        configuration.set(CoapConfig.USE_MESSAGE_OFFLOADING, true);
        configuration.set(UdpConfig.UDP_DATAGRAM_SIZE, 2 * BEYOND_BLOCK + 1_024 + MessageOptions.MOST_BYTES);
        configuration.set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1);
        configuration.set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
        configuration.set(UdpConfig.UDP_CONNECTOR_OUT_CAPACITY, MOST_OUTGOING);
        set(configuration, DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, settings.ackTimeout());
        configuration.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, settings.maxRetransmit());
        configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
        configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
        configuration.set(DtlsConfig.DTLS_OUTBOUND_MESSAGE_BUFFER_SIZE, MOST_OUTGOING);
        configuration.set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, MOST_OUTGOING);
        configuration.set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, MOST_OUTGOING);
        configuration.set(DtlsConfig.DTLS_MAX_DEFERRED_OUTBOUND_APPLICATION_MESSAGES, 1_000);
        return configuration;
    }

    private static void set(Configuration configuration, TimeDefinition definition, Duration duration) {
        configuration.set(definition, duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
