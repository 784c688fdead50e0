// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the devices of the tests show, and what they are told. */
final class Shown {
    static final Credentials NOTHING = credentials(null, null);

    private Shown() {}

    static Credentials credentials(@Nullable String username, @Nullable String password) {
        return new Credentials(
                InetAddress.getLoopbackAddress(),
                new ClientId("pump-7"),
                username,
                password == null ? null : Payload.ofText(password),
                List.of());
    }

    static Credentials certificate(X509Certificate certificate) {
        return new Credentials(
                InetAddress.getLoopbackAddress(), new ClientId("pump-7"), null, null, List.of(certificate));
    }

    static Verdict verdict(Authenticator authenticator, Credentials credentials) {
        try {
            return authenticator.authenticate(credentials).toCompletableFuture().get(2, TimeUnit.MINUTES);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }

    static Identity accepted(Authenticator authenticator, Credentials credentials) {
        Verdict verdict = verdict(authenticator, credentials);
        if (verdict instanceof Verdict.Accepted accepted) {
            return accepted.identity();
        }
        throw new AssertionError("not accepted: " + verdict);
    }

    static ReasonCode refused(Authenticator authenticator, Credentials credentials) {
        Verdict verdict = verdict(authenticator, credentials);
        if (verdict instanceof Verdict.Refused refused) {
            return refused.code();
        }
        throw new AssertionError("not refused: " + verdict);
    }
}
