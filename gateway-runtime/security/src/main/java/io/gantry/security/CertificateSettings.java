// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.settings.DefaultValue;
import io.gantry.api.settings.Description;
import java.util.List;

/** The {@code certificate:} of an authenticator. */
@Description(
        "The certificate that a device has shown in the TLS handshake. It is the listener's `tls` that asks for one"
                + " and says whose are trusted.")
public record CertificateSettings(
        @Description(
                "What the device is called by: `cn` (the common name), `san` (its first alternative name: of the URIs,"
                        + " else of the DNS names, else of the e-mail addresses) or `subject` (the whole subject as in RFC 2253)."
                        + " A certificate without it, or with one that has characters that cannot be seen, is refused.")
        @DefaultValue("cn")
        Naming identity,

        @Description("Roles of all devices with a certificate.") @DefaultValue("[]")
        List<String> role) {

    /** Which of a certificate's names is taken. */
    public enum Naming {
        /** The common name of the subject. */
        CN,
        /** The first alternative name. */
        SAN,
        /** The whole subject. */
        SUBJECT
    }

    public CertificateSettings {
        role = List.copyOf(role);
    }
}
