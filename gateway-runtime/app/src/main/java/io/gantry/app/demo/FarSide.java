// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

/** A real target system of the demo, with a route each way and something that checks what arrives there. */
interface FarSide extends AutoCloseable {

    /** Names its endpoint, its routes, and the site of its devices. */
    String name();

    /** Its lines below {@code endpoints:}. */
    String endpoints();

    /** Its lines below {@code routes:}. */
    String routes();

    /**
     * Sends a numbered command to a device, at the target system. From one thread only; may wait for the target system to
     * confirm it.
     */
    void sendCommand(int device, int number) throws Exception;

    /** Waits until every command is confirmed. */
    default void flush() {}
}
