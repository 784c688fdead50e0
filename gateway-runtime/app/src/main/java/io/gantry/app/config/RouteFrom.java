// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

/**
 * Where a route's messages come from.
 *
 * @param endpoint a name under {@code endpoints:}, or {@link Sides#DEVICES}, or {@link Sides#CAMEL}
 * @param settings of the devices' or the connector's from side
 */
public record RouteFrom(String endpoint, Record settings) {

    /** Whether the messages are what devices publish. */
    public boolean isDevices() {
        return endpoint.equals(Sides.DEVICES);
    }
}
