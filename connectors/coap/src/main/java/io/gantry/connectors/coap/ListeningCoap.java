// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.DeviceSide;
import io.gantry.api.MessageId;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.TlsFileCounts;
import io.gantry.tls.ReloadingTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.InMemoryMessageExchangeStore;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An address of the YAML on which CoAP requests come in, for routes and for topics. */
final class ListeningCoap implements ConnectedEndpoint<CoapFrom, CoapTo> {
    private static final Logger LOG = LoggerFactory.getLogger(ListeningCoap.class);
    private static final int PROTOCOL_THREADS = 2;

    private final EndpointContext context;
    private final CoapEndpointSettings settings;
    private final CoapListen listen;
    private final CoapAddress address;
    private final PathRoutes routes = new PathRoutes();
    private final EventCounts<EndpointEvent> counts = new EventCounts<>(EnumSet.of(
            EndpointEvent.REFUSED,
            EndpointEvent.DROPPED,
            EndpointEvent.TLS_FILE_RENEWED,
            EndpointEvent.TLS_FILE_FAILED));
    private final Configuration configuration;
    private final ScheduledThreadPoolExecutor protocol;
    private final ScheduledThreadPoolExecutor timers;
    private final Observations observations;
    private final Dispatch dispatch;
    private final RecentRequests recent;
    private final Inflow inflow;
    private final DeviceSide.Subscription bans;
    private @Nullable ReloadingTls tls;
    private @Nullable TrustChecks checks;
    private @Nullable CoapEndpoint endpoint;

    ListeningCoap(EndpointContext context, CoapEndpointSettings settings, CoapListen listen) {
        this.context = context;
        this.settings = settings;
        this.listen = listen;
        this.address = listen.parsed();
        this.configuration = Configurations.ofListener(settings);
        this.protocol = Threads.of(PROTOCOL_THREADS, "coap-" + context.name());
        this.timers = Threads.of(1, "coap-timers-" + context.name());
        this.observations = new Observations(context.devices(), configuration, protocol);
        this.dispatch = new Dispatch(
                routes, topics(), context.devices().bans(), logins(), timers, settings.maxRequests(), counts);
        this.recent = new RecentRequests(settings.maxRemembered(), MessageIds.REMEMBERED_NANOS);
        this.inflow = new Inflow(protocol.getQueue()::size, counts);
        this.bans = context.devices().bans().onBanned(observations::endBanned);
        context.watcher().changed(context.name(), State.WAITING, "does not listen yet");
    }

    private @Nullable Logins logins() {
        return listen.security() ? new Logins(context.gate(), context.name(), listen.role()) : null;
    }

    private @Nullable TopicRequests topics() {
        return settings.topics() == null
                ? null
                : new TopicRequests(
                        context.name(),
                        TopicPaths.parse(settings.topics()),
                        context.devices(),
                        context.ids(),
                        observations,
                        settings.maxRequestSize().bytes());
    }

    @Override
    public String address() {
        return "coap listening on " + address;
    }

    @Override
    public CamelSink sink(String route, CoapTo to) {
        throw new InvalidSettingException(
                "to", "names the endpoint '" + context.name() + "', which listens; a route ends at one with url");
    }

    @Override
    public CamelSource source(String route, CoapFrom from, MessageId.Sequence ids) {
        String uri = "coap://from-" + URLEncoder.encode(context.name() + "-" + route, StandardCharsets.UTF_8);
        return new CoapSource(
                context.name(), new ListeningEndpoint(uri, context.camel(), routes.add(from), from), from, ids);
    }

    @Override
    public void startListening() {
        try {
            InetSocketAddress local = new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            CoapEndpoint opened = opened(local);
            opened.start();
            endpoint = opened;
            context.watcher().changed(context.name(), State.CONNECTED, "listens");
            warnOfStrangers(local);
        } catch (UnknownHostException unknown) {
            throw new InvalidSettingException("listen", "must name an address of this machine, was '" + address + "'");
        } catch (IOException inUse) {
            throw new UncheckedIOException("cannot listen on " + address + ": " + inUse.getMessage(), inUse);
        }
    }

    private CoapEndpoint opened(InetSocketAddress local) {
        Connector connector = address.secure() ? secure(local) : plain(local);
        InMemoryMessageExchangeStore exchanges =
                new InMemoryMessageExchangeStore(Configurations.ofPeers(configuration));
        exchanges.setDeduplicator(recent);
        CoapEndpoint opened = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(connector)
                .setMessageExchangeStore(exchanges)
                .build();
        opened.setExecutors(protocol, timers);
        opened.setMessageDeliverer(dispatch);
        return opened;
    }

    private Connector secure(InetSocketAddress local) {
        ServerTlsSettings certificates = listen.tls();
        ReloadingTls followed = certificates == null
                ? null
                : ReloadingTls.openAt(
                        "endpoints." + context.name() + ".coap.listen", certificates, new TlsFileCounts(counts));
        tls = followed;
        checks = followed != null && followed.mayWait() ? new TrustChecks(followed) : null;
        DatagramGate gate = new DatagramGate(context.devices().bans(), counts);
        DTLSConnector connector =
                Dtls.listening(configuration, settings.clients(), followed, checks, local, gate, inflow);
        if (followed != null) {
            followed.onTrustChanged(() -> Dtls.endUntrusted(connector, followed));
        }
        return connector;
    }

    private Connector plain(InetSocketAddress local) {
        return new UDPConnector(local, configuration) {
            @Override
            public void setRawDataReceiver(RawDataChannel receiver) {
                super.setRawDataReceiver(inflow.before(receiver));
            }
        };
    }

    private void warnOfStrangers(InetSocketAddress local) {
        boolean letsAnybodyIn = listen.letsAnybodyIn(!settings.clients().isEmpty());
        if (letsAnybodyIn && !local.getAddress().isLoopbackAddress()) {
            LOG.atWarn()
                    .addKeyValue("endpoint", context.name())
                    .addKeyValue("listen", address)
                    .log("CoAP clients are not authenticated: whoever reaches this address may send requests");
        }
    }

    @Override
    public void stopListening() {
        dispatch.stop();
    }

    @Override
    public Map<String, Long> counts() {
        return counts.now();
    }

    @Override
    public Optional<Instant> certificateExpiry() {
        return Optional.ofNullable(tls).map(ReloadingTls::expiry);
    }

    @Override
    public void close() {
        bans.close();
        CoapEndpoint listening = endpoint;
        if (listening != null) {
            listening.destroy();
        }
        if (checks != null) {
            checks.close();
        }
        if (tls != null) {
            tls.close();
        }
        protocol.shutdownNow();
        timers.shutdownNow();
    }
}
