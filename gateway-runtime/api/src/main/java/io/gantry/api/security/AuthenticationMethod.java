// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A way for a device to prove who it is in more steps than a user name and a password take [5.0 §4.12]. Known to devices by
 * the name it is registered under. Any thread.
 */
@FunctionalInterface
public interface AuthenticationMethod {

    /**
     * Begins an exchange: one for a CONNECT, and one for each time the device authenticates again. Never blocks.
     *
     * @param claim what the device has shown with its CONNECT
     */
    Exchange begin(Credentials claim);

    /** One exchange with one device. Called on the device's event loop, once more only after the last answer was Continue. */
    @FunctionalInterface
    interface Exchange {

        /**
         * Takes what the device sent and says how to go on. Never blocks: what takes time completes later, on any thread. A
         * stage that fails, or never completes in time, lets nobody in.
         *
         * @param data the Authentication Data of CONNECT or AUTH; null when there was none
         */
        CompletionStage<Outcome> next(@Nullable Payload data);
    }

    /** How an exchange goes on. Data that is null is left out. */
    sealed interface Outcome {

        /** The device is asked for more. */
        record Continue(@Nullable Payload data) implements Outcome {}

        /** The device is who the identity says. */
        record Success(@Nullable Payload data, Identity identity) implements Outcome {}

        /**
         * The device is not let in.
         *
         * @param reasonCode one that both CONNACK and DISCONNECT may have
         * @param reason a fixed text that is safe to show to a device
         */
        record Failure(ReasonCode reasonCode, String reason) implements Outcome {
            private static final Set<ReasonCode> ALLOWED = EnumSet.of(
                    ReasonCode.UNSPECIFIED_ERROR,
                    ReasonCode.PROTOCOL_ERROR,
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                    ReasonCode.NOT_AUTHORIZED,
                    ReasonCode.SERVER_BUSY,
                    ReasonCode.QUOTA_EXCEEDED);

            public Failure {
                if (!ALLOWED.contains(reasonCode)) {
                    throw new IllegalArgumentException("not for CONNACK and DISCONNECT alike: " + reasonCode);
                }
            }
        }
    }
}
