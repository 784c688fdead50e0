// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;

/** Carries an outcome other than accepted through Camel; without a stack trace, since it is no bug. */
final class NotPublishedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Delivery outcome;

    NotPublishedException(Delivery outcome) {
        super(outcome.toString(), null, false, false);
        this.outcome = outcome;
    }

    Delivery outcome() {
        return outcome;
    }
}
