// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

/** What becomes of a message for a device whose queue is full. */
public enum QueuePolicy {
    /** It is dropped; those that wait stay. From a route to a connected device it waits, and its source with it. */
    REJECT_NEW,
    /** It waits; those that have waited longest are dropped. */
    DROP_OLDEST,
    /** It is dropped, and the device is disconnected. */
    DISCONNECT;

    /** Whether a source waits for room at a connected device, instead of losing what it brings. */
    public boolean holdsSourcesUp() {
        return this == REJECT_NEW;
    }
}
