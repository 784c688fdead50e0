// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;

/** A message that can never be delivered the way its route says. Carries no stack trace: it is an outcome, not a bug. */
public final class RejectedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ReasonCode code;

    /**
     * A refusal.
     *
     * @param reason a fixed text, safe to show to a device
     */
    public RejectedMessageException(ReasonCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** The same as an outcome. */
    public Delivery.Rejected asDelivery() {
        return new Delivery.Rejected(code, String.valueOf(getMessage()));
    }
}
