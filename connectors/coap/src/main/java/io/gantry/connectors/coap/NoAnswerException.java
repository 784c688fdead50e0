// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

/** A request that got no answer. Carries no stack trace: it is an outcome, not a bug. */
final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswerException(String why) {
        super(why, null, false, false);
    }
}
