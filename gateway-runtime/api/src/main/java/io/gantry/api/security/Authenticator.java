// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.ReasonCode;
import java.util.concurrent.CompletionStage;

/** Finds out who somebody is. Any thread. */
@FunctionalInterface
public interface Authenticator {

    /**
     * Judges credentials. Never blocks: what takes time completes later, on any thread. A stage that fails, or never
     * completes in time, lets nobody in.
     */
    CompletionStage<Verdict> authenticate(Credentials credentials);

    /** What was found out. */
    sealed interface Verdict {

        /** He is who he says. */
        record Accepted(Identity identity) implements Verdict {}

        /**
         * He is not let in, and nobody else is asked.
         *
         * @param code one that CONNACK may have
         * @param reason a fixed text for the log, without anything he sent
         */
        record Refused(ReasonCode code, String reason) implements Verdict {}

        /** Somebody of whom this authenticator knows nothing: the next one of the chain is asked; at its end he is refused. */
        record Unknown() implements Verdict {}
    }
}
