// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.ClientId;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.CallerGate;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Guest;
import io.gantry.api.security.Identity;
import java.net.InetAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.jspecify.annotations.Nullable;

/**
 * Who calls an address that is under {@code security:}: who has a shared key, by its name and in the roles of the setting;
 * who has shown a certificate, or nothing, by what the authenticators make of it. Any thread.
 */
final class Logins {
    private final CallerGate gate;
    private final String endpoint;
    private final Set<String> roles;

    /**
     * Nobody has called yet.
     *
     * @param roles of those who have a shared key
     */
    Logins(CallerGate gate, String endpoint, List<String> roles) {
        this.gate = gate;
        this.endpoint = endpoint;
        this.roles = Set.copyOf(roles);
    }

    /** Says who sent a request: now or later, one of both, on any thread. */
    void judge(IncomingRequest request, Consumer<Guest> letIn, Consumer<Response> refused) {
        verdict(request)
                .thenApply(this::outcome)
                .exceptionally(failure -> new Outcome(null, answer(ReasonCode.SERVER_UNAVAILABLE)))
                .thenAccept(outcome -> {
                    if (outcome.guest != null) {
                        letIn.accept(outcome.guest);
                    } else if (outcome.refusal != null) {
                        refused.accept(outcome.refusal);
                    }
                });
    }

    /** One of both. */
    private record Outcome(@Nullable Guest guest, @Nullable Response refusal) {}

    private Outcome outcome(Verdict verdict) {
        if (verdict instanceof Verdict.Accepted accepted) {
            return new Outcome(Guest.of(accepted.identity(), gate), null);
        }
        ReasonCode code = verdict instanceof Verdict.Refused refused ? refused.code() : ReasonCode.SERVER_UNAVAILABLE;
        return new Outcome(null, answer(code));
    }

    private CompletionStage<Verdict> verdict(IncomingRequest request) {
        Principal principal = request.principal();
        InetAddress from = request.from().getAddress();
        if (principal instanceof PreSharedKeyIdentity key) {
            Identity proved = new Identity(key.getIdentity(), roles, Map.of(), Identity.WITHOUT_END);
            return CompletableFuture.completedFuture(gate.judge(from, proved));
        }
        List<X509Certificate> chain =
                principal instanceof X509CertPath path ? FollowedTrust.chain(path.getPath()) : List.of();
        ClientId name = new ClientId("coap:" + endpoint + ":" + request.caller());
        return gate.judge(new Credentials(from, name, null, null, chain));
    }

    private static Response answer(ReasonCode code) {
        return switch (code) {
            case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED ->
                Answers.refusal(ResponseCode.UNAUTHORIZED, "nothing was shown that is known here");
            case BANNED -> Answers.banned();
            default -> Answers.later("who calls cannot be found out now");
        };
    }
}
