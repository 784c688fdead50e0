// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;

/** Tells a Camel consumer that its exchange was not taken. Carries no stack trace: it is an outcome, not a bug. */
final class NotDeliveredException extends Exception {
    private static final long serialVersionUID = 1L;

    NotDeliveredException(Delivery delivery) {
        super(delivery.toString(), null, false, false);
    }
}
