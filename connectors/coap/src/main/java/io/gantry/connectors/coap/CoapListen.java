// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ShortForm;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code listen:} of a CoAP endpoint. */
@Description("An address on which CoAP requests come in.")
public record CoapListen(
        @Description("Where to listen, as `host:port` or `coap://host:port`, or for DTLS 1.2 `coaps://host:port`.")
        @ShortForm
        String address,

        @Description(
                "Certificates for `coaps`, beside `clients` or in place of them. `client-cert` is asked of those who"
                        + " have no shared key; a caller is a device under the subject of his certificate. `handshake-timeout` says, with `ocsp`, how long the authorities"
                        + " may take to answer; how long a handshake takes is up to `ack-timeout` and `max-retransmit`.")
        @Nullable ServerTlsSettings tls,

        @Description(
                "Whether callers come under the file's `security:`: by their certificates, or by the names of their"
                        + " shared keys. They may publish, read and observe what its roles say.")
        @DefaultValue("false")
        boolean security,

        @Description("Roles of `clients`, with `security`.") @DefaultValue("[]")
        List<String> role,

        @Description("Whether anybody may call an address that is not a loopback address. Without it, such an address"
                + " needs `clients`, or `tls` with `client-ca`, or `security`.")
        @DefaultValue("false")
        boolean anonymous) {

    private static final Duration LEFT_OUT = Duration.ofSeconds(5);

    public CoapListen {
        role = List.copyOf(role);
        if (!role.isEmpty() && !security) {
            throw new InvalidSettingException("role", "needs security: true");
        }
        boolean secure = CoapAddress.ofListener(address).secure();
        if (tls != null) {
            refuse(!secure, "needs an address that begins with coaps://");
            refuse(
                    !tls.ocsp() && !tls.handshakeTimeout().equals(LEFT_OUT),
                    "must not have handshake-timeout without ocsp: DTLS goes by ack-timeout and max-retransmit");
        }
    }

    private static void refuse(boolean isWrong, String expected) {
        if (isWrong) {
            throw new InvalidSettingException("tls", expected);
        }
    }

    /** Whether nobody gets in without a certificate, unless by a shared key. */
    boolean asksForCertificate() {
        return tls != null && tls.clientCert() == ClientCertificate.REQUIRED;
    }

    /**
     * Whether callers are let in of whom nothing is known.
     *
     * @param hasClients whether there are shared keys
     */
    boolean letsAnybodyIn(boolean hasClients) {
        return !security && !asksForCertificate() && (!hasClients || tls != null);
    }

    CoapAddress parsed() {
        return CoapAddress.ofListener(address);
    }
}
