// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A certificate that a listener can show.
 *
 * @param alias another for each that was ever read, so that a handshake gets the key that belongs to the certificate
 * @param chain its own first
 * @param hosts the DNS names it is for, in lower case; the first label may be {@code *}
 */
record ShownCertificate(String alias, PrivateKey key, List<X509Certificate> chain, List<String> hosts) {
    private static final AtomicLong ALIASES = new AtomicLong();
    private static final Integer DNS_NAME = 2;

    ShownCertificate {
        chain = List.copyOf(chain);
        hosts = List.copyOf(hosts);
    }

    /** Of a key and the chain that belongs to it. */
    static ShownCertificate of(PrivateKey key, List<X509Certificate> chain) throws CertificateParsingException {
        Collection<List<?>> names = chain.get(0).getSubjectAlternativeNames();
        List<String> hosts = names == null
                ? List.of()
                : names.stream()
                        .filter(name -> DNS_NAME.equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                        .toList();
        return new ShownCertificate("shown-" + ALIASES.incrementAndGet(), key, chain, hosts);
    }

    /** When it ends, or before it one of its chain. */
    Instant expiry() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** From the beginning of its own to {@link #expiry()}; negative when a certificate of the chain ends before. */
    Duration lifetime() {
        return Duration.between(chain.get(0).getNotBefore().toInstant(), expiry());
    }

    /** Whether a handshake that needs a key of this type, as JSSE calls them, can use this one. */
    boolean hasKeyOf(String type) {
        return key.getAlgorithm().equals(type);
    }

    /** Whether it names the host itself. */
    boolean isFor(String host) {
        return hosts.contains(host);
    }

    /** Whether it is for all hosts of a domain, and this is one. */
    boolean isForDomainOf(String host) {
        int dot = host.indexOf('.');
        return dot > 0 && hosts.contains("*" + host.substring(dot));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return alias + " for " + hosts;
    }
}
