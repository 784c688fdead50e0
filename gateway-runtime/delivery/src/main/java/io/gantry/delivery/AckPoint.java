// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** When a device is told that its QoS 1 or 2 message is taken. */
public enum AckPoint {
    /** At once; the message waits in memory only, and a crash loses it. QoS 0 is always taken like this. */
    RECEIVED,
    /** Once it is on disk. */
    STORED,
    /** Once the route's target has confirmed it; until then the device keeps it. */
    DELIVERED
}
