// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;

/** A step on the way to a transaction that cannot be done now. Carries no stack trace: it is an outcome, not a bug. */
final class KafkaTroubleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Retry retry;

    private KafkaTroubleException(String reason, Retry retry) {
        super(reason, null, false, false);
        this.retry = retry;
    }

    /** Passes by itself. */
    static KafkaTroubleException passing(String reason) {
        return new KafkaTroubleException(reason, Retry.soon());
    }

    /** Somebody has to mend it. */
    static KafkaTroubleException lasting(String reason) {
        return new KafkaTroubleException(reason, Retry.whenMended());
    }

    Delivery outcome() {
        return new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, String.valueOf(getMessage()), retry);
    }
}
