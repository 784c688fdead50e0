// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Delivery;
import java.io.IOException;

/** A failure of which it is known already what it means. Without a stack trace: it is an outcome, not a bug. */
final class OutcomeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Delivery outcome;
    private final String kind;

    /**
     * A failure.
     *
     * @param kind in a few words without anything that a device or a service has sent
     */
    OutcomeException(Delivery outcome, String kind) {
        super(kind);
        this.outcome = outcome;
        this.kind = kind;
    }

    Delivery outcome() {
        return outcome;
    }

    String kind() {
        return kind;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
