// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An Authentication Method for tests: asks for the length of the Client Identifier until it is told. A device that says
 * {@code again} is asked once more; one that names somebody after the length is from then on called so.
 */
public final class ChallengeResponse implements AuthenticationMethod {
    public static final String NAME = "length";

    @Override
    public Exchange begin(Credentials claim) {
        String expected = Integer.toString(claim.clientId().value().length());
        return data -> CompletableFuture.completedFuture(outcome(expected, claim, data));
    }

    private static Outcome outcome(String expected, Credentials claim, @Nullable Payload data) {
        String said = data == null ? "again" : data.asText();
        if (said.equals("again")) {
            return new Outcome.Continue(Payload.ofText("length?"));
        }
        String[] words = said.split(" ", 2);
        if (!words[0].equals(expected)) {
            return new Outcome.Failure(ReasonCode.NOT_AUTHORIZED, "wrong length");
        }
        return new Outcome.Success(
                Payload.ofText("right"), Identity.named(words.length == 1 ? claim.username() : words[1]));
    }

    /** An exchange that answers when, and what, the test says. */
    public static final class Slow implements Exchange {
        public final CompletableFuture<Outcome> answer = new CompletableFuture<>();

        @Override
        public CompletionStage<Outcome> next(@Nullable Payload data) {
            return answer;
        }
    }
}
