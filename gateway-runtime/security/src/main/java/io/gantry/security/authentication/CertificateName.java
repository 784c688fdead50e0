// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** The names that a certificate gives its owner. A name that is not {@linkplain Names fit} is none. */
final class CertificateName {
    private static final int URI = 6;
    private static final int DNS = 2;
    private static final int EMAIL = 1;

    private CertificateName() {}

    /** The common name, when there is exactly one. */
    static Optional<String> common(X509Certificate certificate) {
        try {
            List<String> names = new ArrayList<>();
            for (Rdn part : new LdapName(subjectText(certificate)).getRdns()) {
                // several attributes may share one part of the subject: CN=pump-7+OU=plant
                Attribute name = part.toAttributes().get("CN");
                for (int i = 0; name != null && i < name.size(); i++) {
                    names.add(name.get(i) instanceof String text ? text : "");
                }
            }
            return names.size() == 1 ? fit(names.get(0)) : Optional.empty();
        } catch (NamingException malformed) {
            return Optional.empty();
        }
    }

    /** The first alternative name: of the URIs, else of the DNS names, else of the addresses of e-mail. */
    static Optional<String> alternative(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException malformed) {
            return Optional.empty();
        }
        for (int kind : new int[] {URI, DNS, EMAIL}) {
            String first = names == null ? null : first(names, kind);
            if (first != null) {
                return fit(first);
            }
        }
        return Optional.empty();
    }

    private static @Nullable String first(Collection<List<?>> names, int kind) {
        for (List<?> name : names) {
            if (name.get(0).equals(kind) && name.get(1) instanceof String text) {
                return text;
            }
        }
        return null;
    }

    /** The whole subject as RFC 2253 writes it. */
    static Optional<String> subject(X509Certificate certificate) {
        return fit(subjectText(certificate));
    }

    /**
     * The verdict, with the common name of a certificate that was shown as {@code cn} among what access rules may name; it is
     * valid no longer than the certificate.
     */
    static Verdict added(Verdict verdict, Credentials credentials) {
        return verdict instanceof Verdict.Accepted accepted
                ? new Verdict.Accepted(added(accepted.identity(), credentials))
                : verdict;
    }

    static Identity added(Identity identity, Credentials credentials) {
        Optional<String> name = credentials.certificates().stream().findFirst().flatMap(CertificateName::common);
        if (name.isEmpty()) {
            return identity;
        }
        Map<String, String> attributes = new HashMap<>(identity.attributes());
        attributes.put("cn", name.get());
        long end = credentials.certificates().get(0).getNotAfter().getTime();
        return new Identity(
                identity.username(), identity.roles(), attributes, Math.min(identity.validUntilMillis(), end));
    }

    private static String subjectText(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static Optional<String> fit(String name) {
        return Names.isFit(name) ? Optional.of(name) : Optional.empty();
    }
}
