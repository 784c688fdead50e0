// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.files.FollowedFiles;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate to show by the name that a client asks for. When there are several, a client that asks for a name
 * of none of them gets none, and its handshake fails: never another tenant's.
 */
final class NamedKeys extends X509ExtendedKeyManager {
    private final FollowedFiles<ShownCertificate> first;
    private final List<FollowedFiles<ShownCertificate>> all;

    /** The first is shown to who asks for no name; and, when it is the only one, to everybody. */
    NamedKeys(List<FollowedFiles<ShownCertificate>> all) {
        this.first = all.get(0);
        this.all = List.copyOf(all);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        return choose(keyType, session instanceof ExtendedSSLSession extended ? hostOf(extended) : null);
    }

    /** As {@link io.gantry.api.security.ServerTls#aliasFor}. */
    @Nullable String choose(String keyType, @Nullable String asked) {
        Optional<ShownCertificate> chosen;
        if (asked == null || all.size() == 1) {
            chosen = Optional.of(first.current()).filter(shown -> shown.hasKeyOf(keyType));
        } else {
            String host = asked.toLowerCase(Locale.ROOT);
            chosen = find(keyType, shown -> shown.isFor(host))
                    .or(() -> find(keyType, shown -> shown.isForDomainOf(host)));
        }
        return chosen.map(ShownCertificate::alias).orElse(null);
    }

    private Optional<ShownCertificate> find(String keyType, Predicate<ShownCertificate> fits) {
        return all.stream()
                .map(FollowedFiles::current)
                .filter(shown -> shown.hasKeyOf(keyType))
                .filter(fits)
                .findFirst();
    }

    /** The name asked for; null when none is. */
    private static @Nullable String hostOf(ExtendedSSLSession session) {
        return session.getRequestedServerNames().stream()
                .filter(name -> name.getType() == StandardConstants.SNI_HOST_NAME)
                .map(name -> new String(name.getEncoded(), StandardCharsets.UTF_8))
                .findFirst()
                .orElse(null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return of(alias)
                .map(shown -> shown.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return of(alias).map(ShownCertificate::key).orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String[] aliases = all.stream()
                .map(FollowedFiles::current)
                .filter(shown -> shown.hasKeyOf(keyType))
                .map(ShownCertificate::alias)
                .toArray(String[]::new);
        return aliases.length == 0 ? null : aliases;
    }

    private Optional<ShownCertificate> of(String alias) {
        return all.stream()
                .flatMap(followed -> Stream.of(followed.current(), followed.before()))
                .filter(shown -> shown.alias().equals(alias))
                .findFirst();
    }

    /** For servers only. */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    /** For servers only. */
    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
