// SPDX-License-Identifier: Apache-2.0

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.mqtt.connection.TlsEngines;
import io.gantry.testbed.TestCertificates;
import io.gantry.tls.ReloadingTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * How many full TLS 1.3 handshakes the server's side does in a second of CPU, with a certificate of the curve P-256: in
 * memory, between the gateway's engine and the JDK's as the client. Only the CPU time of the server's side counts.
 *
 * <pre>
 *   Handshakes SECONDS
 * </pre>
 */
public class Handshakes {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    private final ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
    private long serverNanos;

    public static void main(String[] arguments) throws Exception {
        long seconds = Long.parseLong(arguments[0]);
        TestCertificates authority = TestCertificates.in(Files.createTempDirectory("handshakes"));
        TestCertificates.Identity own = authority.server("127.0.0.1");
        ServerTlsSettings settings = new ServerTlsSettings(
                text(own.cert()), text(own.key()), null, List.of(), null, null, null, false, Duration.ofSeconds(5));
        try (ReloadingTls tls = ReloadingTls.open(settings, new FileCounts())) {
            for (TlsEngines engines : List.of(TlsEngines.ofJdk(), TlsEngines.ofOpenSsl())) {
                SslContext server = engines.context(tls, "mqtt");
                measure(seconds, server, authority);
                System.out.printf("%s: %.0f handshakes in a second of CPU%n", engines, measure(seconds, server, authority));
            }
        }
    }

    private static String text(Path file) {
        return file.toString();
    }

    private static double measure(long seconds, SslContext server, TestCertificates authority) throws Exception {
        Handshakes run = new Handshakes();
        int count = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            // another context each time: nothing is resumed
            run.shake(server, authority.context());
            count++;
        }
        return count * 1e9 / run.serverNanos;
    }

    private void shake(SslContext context, SSLContext clients) throws SSLException {
        SSLEngine client = clients.createSSLEngine();
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {"TLSv1.3"});
        long began = CLOCK.getCurrentThreadCpuTime();
        SSLEngine server = context.newEngine(ByteBufAllocator.DEFAULT);
        server.beginHandshake();
        serverNanos += CLOCK.getCurrentThreadCpuTime() - began;
        client.beginHandshake();
        toServer.clear();
        toClient.clear();
        boolean done = false;
        while (!done) {
            step(client, toClient, toServer);
            began = CLOCK.getCurrentThreadCpuTime();
            done = step(server, toServer, toClient);
            serverNanos += CLOCK.getCurrentThreadCpuTime() - began;
        }
        if (server instanceof io.netty.util.ReferenceCounted counted) {
            counted.release();
        }
    }

    /** One side does all it can; whether its handshake is over. */
    private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        in.flip();
        try {
            while (true) {
                HandshakeStatus status = engine.getHandshakeStatus();
                SSLEngineResult result = null;
                if (status == HandshakeStatus.NEED_TASK) {
                    engine.getDelegatedTask().run();
                } else if (status == HandshakeStatus.NEED_WRAP) {
                    result = engine.wrap(NOTHING, out);
                } else if (status == HandshakeStatus.NEED_UNWRAP) {
                    // also when nothing has come: OpenSSL sees only then that it is done
                    plain.clear();
                    result = engine.unwrap(in, plain);
                    if (result.bytesConsumed() == 0 && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                        return false;
                    }
                } else {
                    return status == HandshakeStatus.NOT_HANDSHAKING;
                }
                if (result != null && result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                    return true;
                }
            }
        } finally {
            in.compact();
        }
    }
}
