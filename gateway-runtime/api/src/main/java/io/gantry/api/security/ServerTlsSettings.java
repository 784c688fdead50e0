// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The {@code tls:} of whatever listens. The files are read when the listener opens, and again when they change. */
@Description("Certificates for TLS, 1.2 and 1.3. Files that change are read again without a connection being dropped;"
        + " one that cannot be used leaves the one before in place, and raises an alarm.")
public record ServerTlsSettings(
        @Description(
                "File of the certificate that is shown, with its chain, in PEM; or of certificate and key together,"
                        + " in PKCS#12 (`.p12`, `.pfx`).")
        String cert,

        @Description("File of the certificate's private key, in PEM.") @Nullable String key,

        @Description("Password of the private key or of the PKCS#12 file.") @Nullable Secret keyPassword,

        @Description(
                "Further certificates, for clients that ask for another name (SNI). A client that asks for a name of"
                        + " none of them is refused when there are any; one that asks for no name gets `cert`.")
        @DefaultValue("[]")
        List<NamedCertificate> sni,

        @Description("File of the authorities whose certificates clients may show, in PEM or PKCS#12 (`.p12`, `.pfx`).")
        @Nullable String clientCa,

        @Description("Whether clients must show a certificate: `required`, `optional` or `none`."
                + " Left out, `required` when there is a `client-ca`, otherwise `none`.")
        @Nullable ClientCertificate clientCert,

        @Description("File of revocation lists (CRL) of the authorities in `client-ca`, in PEM or DER. A client whose"
                + " certificate is in one is refused, and disconnected when it comes into one.")
        @Nullable String crl,

        @Description("Whether the authorities are asked if a client's certificate is revoked (OCSP): by what the"
                + " certificate names. A client whose authority does not answer is refused.")
        @DefaultValue("false")
        boolean ocsp,

        @Description("How long a handshake may take. 100ms to 1m.") @DefaultValue("5s")
        Duration handshakeTimeout) {

    /** A certificate for some names. */
    @Description("A certificate that is shown to clients that ask for a name it is for.")
    public record NamedCertificate(
            @Description("As in `tls.cert`.") String cert,
            @Description("As in `tls.key`.") @Nullable String key,

            @Description("As in `tls.key-password`.") @Nullable Secret keyPassword) {
        public NamedCertificate {
            checkKey(cert, key);
        }
    }

    public ServerTlsSettings {
        checkKey(cert, key);
        sni = List.copyOf(sni);
        clientCert = clientCert != null
                ? clientCert
                : clientCa == null ? ClientCertificate.NONE : ClientCertificate.REQUIRED;
        if (clientCert != ClientCertificate.NONE && clientCa == null) {
            throw new InvalidSettingException(
                    "client-ca",
                    "must be given when client-cert is " + clientCert.name().toLowerCase(Locale.ROOT));
        }
        if ((crl != null || ocsp) && clientCa == null) {
            throw new InvalidSettingException("client-ca", "must be given when there is crl or ocsp");
        }
        if (handshakeTimeout.toMillis() < 100 || handshakeTimeout.toMillis() > 60_000) {
            throw new InvalidSettingException("handshake-timeout", "must be 100ms to 1m");
        }
    }

    private static void checkKey(String cert, @Nullable String key) {
        if (isStore(cert) == (key != null)) {
            throw new InvalidSettingException(
                    "key",
                    key == null
                            ? "must be given together with a cert in PEM"
                            : "must not be given with a PKCS#12 file");
        }
    }

    /** Whether a file is PKCS#12, by its name. */
    public static boolean isStore(String file) {
        return file.endsWith(".p12") || file.endsWith(".pfx");
    }
}
