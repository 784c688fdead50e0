// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.security.Authenticator.Verdict;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * All that listeners ask about those who connect.
 *
 * @param authenticator for who sends a user name, a password, a certificate or nothing
 * @param methods the Authentication Methods of MQTT 5 by name, for who sends one
 * @param access what those let in may do
 */
public record Gatekeeping(
        Authenticator authenticator, Map<String, AuthenticationMethod> methods, AccessControl access) {

    /** Everybody is let in under the name he gives himself, and may do everything. */
    public static final Gatekeeping OPEN = new Gatekeeping(
            credentials ->
                    CompletableFuture.completedFuture(new Verdict.Accepted(Identity.named(credentials.username()))),
            Map.of(),
            AccessControl.OPEN);

    public Gatekeeping {
        methods = Map.copyOf(methods);
    }

    /** The same with other Authentication Methods. */
    public Gatekeeping with(Map<String, AuthenticationMethod> others) {
        return new Gatekeeping(authenticator, others, access);
    }
}
