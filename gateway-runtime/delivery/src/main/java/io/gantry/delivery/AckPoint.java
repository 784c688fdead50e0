// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** When a device is told that its QoS 1 or 2 message is taken. */
public enum AckPoint {
    /** Once every matching route's target has confirmed it; until then the device keeps it. */
    DELIVERED;

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static AckPoint fromText(String text) {
        return switch (text) {
            case "delivered" -> DELIVERED;
            case "stored", "received" ->
                throw new IllegalArgumentException("'" + text + "' is not supported by this version, only 'delivered'");
            default -> throw new IllegalArgumentException("must be 'delivered', was '" + text + "'");
        };
    }

    @Override
    public String toString() {
        return "delivered";
    }
}
