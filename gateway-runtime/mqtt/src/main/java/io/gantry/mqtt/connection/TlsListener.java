// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.ServerTls;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS of one listener: puts it before the packets, and ends the connections of those who are not trusted any more. */
public final class TlsListener implements AutoCloseable {
    private static final int WAITING_THREADS = 16;
    private static final int WAITING_HANDSHAKES = 1_000;

    private final ServerTls tls;
    private final TlsEngines engines;
    private final String applicationProtocol;
    private final Counters counters;
    private final @Nullable ThreadPoolExecutor waiting;
    private final Set<Channel> proved = ConcurrentHashMap.newKeySet();
    private final AtomicInteger trust = new AtomicInteger();
    private volatile SslContext context;

    /**
     * From now on a change of whom it trusts is followed.
     *
     * @param applicationProtocol what it is called in ALPN
     * @throws SSLException when the engines cannot do what is asked of them
     */
    public TlsListener(ServerTls tls, TlsEngines engines, String applicationProtocol, Counters counters)
            throws SSLException {
        this.tls = tls;
        this.engines = engines;
        this.applicationProtocol = applicationProtocol;
        this.counters = counters;
        this.waiting = tls.mayWait() ? waiting() : null;
        this.context = engines.context(tls, applicationProtocol);
        tls.onTrustChanged(this::onTrustChanged);
    }

    private static ThreadPoolExecutor waiting() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                WAITING_THREADS,
                WAITING_THREADS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING_HANDSHAKES),
                new DefaultThreadFactory("gantry-tls-checks", true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Adds TLS to a connection that was accepted, before what reads its packets. */
    public void addTo(ChannelPipeline pipeline) {
        SslHandler handler = waiting == null
                ? context.newHandler(pipeline.channel().alloc())
                : context.newHandler(pipeline.channel().alloc(), waiting);
        handler.setHandshakeTimeoutMillis(tls.handshakeTimeout().toMillis());
        TlsRecords records = new TlsRecords(counters);
        TlsGuard guard = new TlsGuard(this, records);
        pipeline.addLast("tls-records", records);
        pipeline.addLast("tls", handler);
        pipeline.addLast("tls-guard", guard);
    }

    Counters counters() {
        return counters;
    }

    /** Another number each time something else is trusted. */
    int trustNow() {
        return trust.get();
    }

    /** A handshake is done, in which what is trusted may have changed. On the connection's event loop. */
    void proved(Channel channel, int trustAtStart) {
        if (PeerCertificates.of(channel).isEmpty()) {
            return;
        }
        proved.add(channel);
        channel.closeFuture().addListener(closed -> proved.remove(channel));
        if (trustAtStart != trustNow()) {
            // to be checked as it is now; it comes again
            channel.close();
        }
    }

    private void onTrustChanged() {
        trust.incrementAndGet();
        try {
            // no session of before is resumed, and devices are told the authorities of now
            context = engines.context(tls, applicationProtocol);
        } catch (SSLException unlikely) {
            throw new IllegalStateException(unlikely);
        } finally {
            proved.forEach(this::check);
        }
    }

    private void check(Channel channel) {
        List<X509Certificate> chain = PeerCertificates.of(channel);
        if (!tls.isTrusted(chain)) {
            channel.eventLoop().execute(() -> end(channel));
        }
    }

    private void end(Channel channel) {
        counters.count(Counter.CERTIFICATES_DISTRUSTED);
        DeviceConnection device = channel.pipeline().get(DeviceConnection.class);
        if (device == null) {
            channel.close();
        } else {
            device.disconnect(ReasonCode.NOT_AUTHORIZED, "its certificate is not trusted any more");
        }
    }

    /** Takes no handshake that would have to wait any longer. */
    @Override
    public void close() {
        if (waiting != null) {
            waiting.shutdownNow();
        }
    }
}
