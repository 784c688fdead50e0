// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.files.FileEvents;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.api.settings.Secret;
import io.gantry.testbed.TestCertificates.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Settings of a listener for tests, and what is said of its files. */
final class Watched implements FileEvents {
    static final Duration OFTEN = Duration.ofMillis(20);

    final List<String> renewed = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();

    @Override
    public void renewed(String file) {
        renewed.add(file);
    }

    @Override
    public void failed(String file, String reason) {
        failed.add(reason);
    }

    static ServerTlsSettings settings(Path cert, @Nullable Path key, Identity... byName) {
        List<NamedCertificate> sni = Arrays.stream(byName)
                .map(named -> new NamedCertificate(
                        named.cert().toString(), named.key().toString(), null))
                .toList();
        return settings(cert, key, null, sni);
    }

    static ServerTlsSettings settings(
            Path cert, @Nullable Path key, @Nullable String password, List<NamedCertificate> sni) {
        return new ServerTlsSettings(
                cert.toString(),
                key == null ? null : key.toString(),
                password == null ? null : new Secret(password),
                sni,
                null,
                null,
                null,
                false,
                Duration.ofSeconds(5));
    }

    /** Of a listener that asks for certificates. */
    static ServerTlsSettings asking(Identity server, Path authorities, @Nullable Path crl, boolean ocsp) {
        return new ServerTlsSettings(
                server.cert().toString(),
                server.key().toString(),
                null,
                List.of(),
                authorities.toString(),
                ClientCertificate.REQUIRED,
                crl == null ? null : crl.toString(),
                ocsp,
                Duration.ofSeconds(5));
    }
}
