// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/** The way back of a message: tells whoever handed it on what became of it. */
@FunctionalInterface
public interface Acknowledgement {
    /** Called exactly once, on any thread; returns at once and never throws. */
    void complete(Delivery delivery);

    /** For messages nobody waits for, such as QoS 0. */
    Acknowledgement NOBODY = delivery -> {};
}
