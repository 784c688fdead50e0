// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody shows who wants to be let in. Only the certificates are proved, by the TLS handshake.
 *
 * @param address where the connection comes from
 * @param clientId as sent, or as assigned to a device that sent none
 * @param certificates the chain that the TLS handshake has proved, his own first; empty when he showed none
 */
public record Credentials(
        InetAddress address,
        ClientId clientId,
        @Nullable String username,
        @Nullable Payload password,
        List<X509Certificate> certificates) {
    public Credentials {
        certificates = List.copyOf(certificates);
    }

    /** Without what must not be read in a log. */
    @Override
    public String toString() {
        return "credentials of " + clientId + " at " + address.getHostAddress();
    }
}
