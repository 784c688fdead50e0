// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.security.Authenticator.Verdict;
import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/**
 * What an endpoint asks about its callers that is under {@code security:}: the same as a listener about devices, with the
 * same bans. Any thread.
 */
public interface CallerGate {

    /**
     * Judges what a caller shows, as {@link Authenticator} does; never {@link Verdict.Unknown}. Who is refused for what he
     * shows is told later each time, and banned in the end; who shows neither name nor password does not count as one who
     * guesses.
     *
     * @param shown with the name that the endpoint gives him as the Client Identifier
     */
    CompletionStage<Verdict> judge(Credentials shown);

    /** Judges a caller again who has proved already who he is: whether he is banned by now, or the proof has ended. */
    Verdict judge(InetAddress from, Identity proved);

    /** What a caller may do. He has no Client Identifier: rules with {@code {client}} are not for him. */
    Permissions permissions(Identity identity);
}
