// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The Authentication Method {@code JWT}: the Authentication Data is the token. A device that authenticates again with a
 * later one stays connected until that ends.
 */
public final class JwtMethod implements AuthenticationMethod {
    /** As devices name it. */
    public static final String NAME = "JWT";

    private final List<JwtAuthenticator> authenticators;

    /** Asks them in their order until one knows the token's issuer. */
    public JwtMethod(List<JwtAuthenticator> authenticators) {
        this.authenticators = List.copyOf(authenticators);
    }

    @Override
    public Exchange begin(Credentials claim) {
        return token -> token == null
                ? CompletableFuture.completedFuture(
                        new Outcome.Failure(ReasonCode.NOT_AUTHORIZED, "the token is missing"))
                : verdict(0, token).thenApply(verdict -> outcome(CertificateName.added(verdict, claim)));
    }

    private CompletionStage<Verdict> verdict(int index, Payload token) {
        if (index == authenticators.size()) {
            return CompletableFuture.completedFuture(new Verdict.Unknown());
        }
        return authenticators
                .get(index)
                .judge(token)
                .thenCompose(verdict -> verdict instanceof Verdict.Unknown
                        ? verdict(index + 1, token)
                        : CompletableFuture.completedFuture(verdict));
    }

    private static Outcome outcome(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            return new Outcome.Success(null, accepted.identity());
        }
        @Nullable ReasonCode code = verdict instanceof Verdict.Refused refused ? refused.code() : null;
        return code == ReasonCode.SERVER_BUSY
                ? new Outcome.Failure(code, "too many tokens are being checked at the same time")
                : new Outcome.Failure(ReasonCode.NOT_AUTHORIZED, "the token is refused");
    }
}
