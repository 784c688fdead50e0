// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.api.settings.InvalidSettingException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one listener, from files that are looked at every two seconds. What is right in them is used from the next
 * handshake on, and no connection is dropped for it; what is wrong is said once, and what there was before stays.
 */
public final class ReloadingTls implements ServerTls, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final ServerTlsSettings settings;
    private final TlsEvents events;
    private final List<Followed<ShownCertificate>> certificates = new ArrayList<>();
    private final NamedKeys keys;
    private final @Nullable Followed<List<X509ExtendedTrustManager>> trusted;
    private final @Nullable FollowingTrust trust;
    private final List<Runnable> onTrustChanged = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "gantry-tls-files");
        thread.setDaemon(true);
        return thread;
    });

    private ReloadingTls(ServerTlsSettings settings, TlsEvents events) {
        this.settings = settings;
        this.events = events;
        certificates.add(follow(CertificateFile.of(settings.cert(), settings.key(), settings.keyPassword()), false));
        for (NamedCertificate named : settings.sni()) {
            certificates.add(follow(CertificateFile.of(named.cert(), named.key(), named.keyPassword()), true));
        }
        this.keys = new NamedKeys(certificates);
        this.trusted = settings.clientCert() == ClientCertificate.NONE ? null : followTrust(settings);
        this.trust = trusted == null ? null : new FollowingTrust(trusted);
    }

    /**
     * Reads the files, and watches them until it is closed.
     *
     * @param events is told what becomes of files that change
     * @throws InvalidSettingException when a file does not hold what it should: names the key, below {@code tls}, and the
     *     file, and quotes nothing of it
     */
    public static ReloadingTls open(ServerTlsSettings settings, TlsEvents events) {
        return open(settings, events, INTERVAL);
    }

    static ReloadingTls open(ServerTlsSettings settings, TlsEvents events, Duration interval) {
        ReloadingTls tls = new ReloadingTls(settings, events);
        tls.watch.scheduleWithFixedDelay(tls::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return tls;
    }

    private static Followed<ShownCertificate> follow(CertificateFile file, boolean byName) {
        return new Followed<>(file.files(), () -> {
            ShownCertificate read = file.read();
            if (byName && read.hosts().isEmpty()) {
                throw new InvalidSettingException(
                        "tls.sni", "must be for host names (SAN dNSName); '" + file.cert() + "' names none");
            }
            return read;
        });
    }

    private static Followed<List<X509ExtendedTrustManager>> followTrust(ServerTlsSettings settings) {
        ClientTrust files = new ClientTrust(
                Path.of(String.valueOf(settings.clientCa())),
                settings.keyPassword(),
                settings.crl() == null ? null : Path.of(settings.crl()),
                settings.ocsp());
        return new Followed<>(files.files(), files::read);
    }

    private void look() {
        try {
            for (Followed<ShownCertificate> certificate : certificates) {
                isRenewed(certificate);
            }
            if (trusted != null && isRenewed(trusted)) {
                onTrustChanged.forEach(Runnable::run);
            }
        } catch (RuntimeException fault) {
            // an exception would end the watching
            LOG.atError().setCause(fault).log("a fault of our own while looking at the files of TLS");
        }
    }

    private boolean isRenewed(Followed<?> followed) {
        Followed.Look found = followed.look();
        if (found instanceof Followed.Look.Failed failed) {
            LOG.atWarn()
                    .addKeyValue("file", followed.name())
                    .addKeyValue("reason", failed.reason())
                    .log("a file of TLS was changed and cannot be used; what it held before stays in use");
            events.failed(followed.name(), failed.reason());
            return false;
        }
        boolean renewed = found instanceof Followed.Look.Renewed;
        if (renewed) {
            LOG.atInfo().addKeyValue("file", followed.name()).log("a file of TLS was changed, and is in use");
            events.renewed(followed.name());
        }
        return renewed;
    }

    @Override
    public X509ExtendedKeyManager keys() {
        return keys;
    }

    @Override
    public @Nullable X509ExtendedTrustManager trust() {
        return trust;
    }

    @Override
    public ClientCertificate clientCertificate() {
        return Objects.requireNonNull(settings.clientCert());
    }

    @Override
    public List<String> protocols() {
        return PROTOCOLS;
    }

    @Override
    public Duration handshakeTimeout() {
        return settings.handshakeTimeout();
    }

    @Override
    public boolean mayWait() {
        return settings.ocsp();
    }

    @Override
    public boolean isTrusted(List<X509Certificate> chain) {
        if (trust == null || chain.isEmpty()) {
            return false;
        }
        try {
            trust.checkClientTrusted(
                    chain.toArray(X509Certificate[]::new),
                    chain.get(0).getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException notTrusted) {
            return false;
        }
    }

    @Override
    public void onTrustChanged(Runnable step) {
        onTrustChanged.add(step);
    }

    /** Watches the files no longer. */
    @Override
    public void close() {
        watch.shutdownNow();
    }
}
