// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

/** What the gateway says of one outbox at one moment. */
record Books(long accepted, long delivered, long deadLettered, long expired, long dropped, long waiting) {

    /** How far both sides of the equation are apart. */
    long gap() {
        return Math.abs(accepted - delivered - deadLettered - expired - dropped - waiting);
    }
}
