// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.files.FileEvents;
import io.gantry.api.files.FileWatch;
import io.gantry.api.files.FollowedFiles;
import io.gantry.api.files.FollowedFiles.Look;
import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.api.settings.InvalidSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one listener, from files that are looked at every two seconds. What is right in them is used from the next
 * handshake on, and no connection is dropped for it; what is wrong is said once, and what there was before stays. That a
 * certificate ends soon is warned of.
 */
public final class ReloadingTls implements ServerTls, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final ServerTlsSettings settings;
    private final FileEvents events;
    private final List<FollowedFiles<ShownCertificate>> certificates = new ArrayList<>();
    private final List<ExpiryWatch> expiries;
    private final NamedKeys keys;
    private final @Nullable FollowedFiles<List<X509ExtendedTrustManager>> trusted;
    private final @Nullable FollowingTrust trust;
    private final List<Runnable> onTrustChanged = new CopyOnWriteArrayList<>();
    private @Nullable FileWatch watch;

    private ReloadingTls(ServerTlsSettings settings, FileEvents events) {
        this.settings = settings;
        this.events = events;
        certificates.add(follow(CertificateFile.of(settings.cert(), settings.key(), settings.keyPassword()), false));
        for (NamedCertificate named : settings.sni()) {
            certificates.add(follow(CertificateFile.of(named.cert(), named.key(), named.keyPassword()), true));
        }
        this.keys = new NamedKeys(certificates);
        this.expiries = certificates.stream()
                .map(certificate -> new ExpiryWatch(certificate, Clock.systemUTC()))
                .toList();
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
    public static ReloadingTls open(ServerTlsSettings settings, FileEvents events) {
        return open(settings, events, FileWatch.INTERVAL);
    }

    /**
     * As {@link #open(ServerTlsSettings, FileEvents)}, for an endpoint that begins to listen.
     *
     * @param place of what listens in the YAML, such as {@code endpoints.web.http.listen}
     * @throws UncheckedIOException in place of a refusal; names the place too
     */
    public static ReloadingTls openAt(String place, ServerTlsSettings settings, FileEvents events) {
        try {
            return open(settings, events);
        } catch (InvalidSettingException refused) {
            String key = place + "." + refused.key().orElse("tls");
            throw new UncheckedIOException(new IOException(key + ": " + refused.getMessage(), refused));
        }
    }

    static ReloadingTls open(ServerTlsSettings settings, FileEvents events, Duration interval) {
        ReloadingTls tls = new ReloadingTls(settings, events);
        tls.watch = FileWatch.start("gantry-tls-files", interval, tls::look, fault -> LOG.atError()
                .setCause(fault)
                .log("a fault of our own while looking at the files of TLS"));
        return tls;
    }

    private static FollowedFiles<ShownCertificate> follow(CertificateFile file, boolean byName) {
        return FollowedFiles.open(file.files(), () -> {
            ShownCertificate read = file.read();
            if (byName && read.hosts().isEmpty()) {
                throw new InvalidSettingException(
                        "tls.sni", "must be for host names (SAN dNSName); '" + file.cert() + "' names none");
            }
            return read;
        });
    }

    private static FollowedFiles<List<X509ExtendedTrustManager>> followTrust(ServerTlsSettings settings) {
        ClientTrust files = new ClientTrust(
                Path.of(String.valueOf(settings.clientCa())),
                settings.keyPassword(),
                settings.crl() == null ? null : Path.of(settings.crl()),
                settings.ocsp());
        return FollowedFiles.open(files.files(), files::read);
    }

    private void look() {
        for (FollowedFiles<ShownCertificate> certificate : certificates) {
            isRenewed(certificate);
        }
        expiries.forEach(ExpiryWatch::look);
        if (trusted != null && isRenewed(trusted)) {
            onTrustChanged.forEach(Runnable::run);
        }
    }

    private boolean isRenewed(FollowedFiles<?> followed) {
        Look found = followed.look();
        if (found instanceof Look.Failed failed) {
            String reason = failed.reason("tls");
            LOG.atWarn()
                    .addKeyValue("file", followed.name())
                    .addKeyValue("reason", reason)
                    .log("a file of TLS was changed and cannot be used; what it held before stays in use");
            events.failed(followed.name(), reason);
            return false;
        }
        boolean renewed = found instanceof Look.Renewed;
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
    public @Nullable String aliasFor(String keyType, @Nullable String host) {
        return keys.choose(keyType, host);
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

    /** When the first of the certificates ends that are shown, or before it one of their chains. Any thread. */
    public Instant expiry() {
        return expiries.stream()
                .map(ExpiryWatch::expiry)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Watches the files no longer. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
