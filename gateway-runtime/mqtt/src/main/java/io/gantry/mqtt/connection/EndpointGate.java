// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.CallerGate;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What the gatekeeper says about those who call endpoints. */
final class EndpointGate implements CallerGate {
    /** No rule with {@code {client}} is for it, since the value of a variable has no slash. */
    private static final ClientId NONE = new ClientId("/");

    private static final Verdict BANNED = new Verdict.Refused(ReasonCode.BANNED, "on the ban list");
    private static final Verdict OVER =
            new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "the proof of who it is has ended already");
    private static final Verdict BROKEN =
            new Verdict.Refused(ReasonCode.SERVER_UNAVAILABLE, "who it is could not be found out");

    private final Gatekeeper gatekeeper;
    private final Clock clock;

    EndpointGate(Gatekeeper gatekeeper, Clock clock) {
        this.gatekeeper = gatekeeper;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Verdict> judge(Credentials shown) {
        if (gatekeeper.isBanned(shown.address(), shown.clientId().value(), shown.username())) {
            return CompletableFuture.completedFuture(BANNED);
        }
        CompletionStage<Verdict> answer;
        try {
            answer = gatekeeper.authenticator().authenticate(shown);
        } catch (RuntimeException failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        return answer.exceptionally(failure -> BROKEN).thenCompose(verdict -> followed(shown, verdict));
    }

    private CompletionStage<Verdict> followed(Credentials shown, Verdict verdict) {
        if (gatekeeper.isBanned(shown.address(), shown.clientId().value(), shown.username())) {
            // since he has asked: what he guessed is told as little as if it had been right
            return CompletableFuture.completedFuture(BANNED);
        }
        if (verdict instanceof Verdict.Accepted accepted) {
            return CompletableFuture.completedFuture(judge(shown.address(), accepted.identity()));
        }
        Verdict.Refused refused = verdict instanceof Verdict.Refused told
                ? told
                : new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "nobody knows who it is");
        // who asks what he should show is no one who guesses
        boolean guesses = shown.username() != null || shown.password() != null;
        long waitMillis = guesses ? gatekeeper.failed(shown, refused.code()) : 0;
        return waitMillis == 0
                ? CompletableFuture.completedFuture(refused)
                : CompletableFuture.supplyAsync(
                        () -> refused, CompletableFuture.delayedExecutor(waitMillis, TimeUnit.MILLISECONDS));
    }

    @Override
    public Verdict judge(InetAddress from, Identity proved) {
        if (gatekeeper.isBanned(from, "", proved.username())) {
            return BANNED;
        }
        return proved.validUntilMillis() <= clock.millis() ? OVER : new Verdict.Accepted(proved);
    }

    @Override
    public Permissions permissions(Identity identity) {
        return gatekeeper.access().permissions(identity, NONE);
    }
}
