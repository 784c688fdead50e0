// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Who a TLS handshake has proved to be at the other end. */
final class PeerCertificates {
    private PeerCertificates() {}

    /** The chain of certificates, its own first; empty when there is no TLS or nothing was shown. Any thread. */
    static List<X509Certificate> of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return List.of();
        }
        try {
            return Arrays.stream(tls.engine().getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException nothingShown) {
            return List.of();
        }
    }
}
