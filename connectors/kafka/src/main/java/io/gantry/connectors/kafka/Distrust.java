// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** Why Kafka and the gateway do not take each other for who they say they are, in fixed words. */
final class Distrust {
    private static final int DEEPEST = 20;

    private Distrust() {}

    /** Null when the failure is about something else. */
    static @Nullable String in(Throwable failure) {
        if (has(failure, List.of(SslAuthenticationException.class))) {
            return ofCertificate(failure);
        }
        if (has(failure, List.of(LoginException.class))) {
            return "the token server gives no token";
        }
        return has(failure, List.of(AuthenticationException.class)) ? "refuses the credentials" : null;
    }

    private static String ofCertificate(Throwable failure) {
        if (has(failure, List.of(CertificateExpiredException.class, CertificateNotYetValidException.class))) {
            return "shows a certificate that is not valid now";
        }
        if (has(failure, List.of(CertPathBuilderException.class, CertPathValidatorException.class))) {
            return "shows a certificate of an authority that is not trusted";
        }
        return has(failure, List.of(CertificateException.class))
                ? "shows a certificate of another host"
                : "cannot agree on TLS with the gateway, or refuses its certificate";
    }

    private static boolean has(Throwable failure, List<Class<? extends Exception>> kinds) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            Throwable looked = cause;
            if (kinds.stream().anyMatch(kind -> kind.isInstance(looked))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
