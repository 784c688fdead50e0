// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.security.Credentials;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What a device has shown on its connection: by TLS and by CONNECT. */
final class Shown {
    private Shown() {}

    static Credentials on(Channel channel, Admission admission) {
        return new Credentials(
                Peer.address(channel),
                admission.clientId(),
                admission.connect().username(),
                admission.connect().password(),
                certificates(channel.pipeline().get(SslHandler.class)));
    }

    private static List<X509Certificate> certificates(@Nullable SslHandler tls) {
        if (tls == null) {
            return List.of();
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate each : tls.engine().getSession().getPeerCertificates()) {
                chain.add((X509Certificate) each);
            }
            return chain;
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }
}
