// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

/**
 * Where a route's messages go.
 *
 * @param endpoint a name under {@code endpoints:}, or {@link Sides#DEVICES}, or {@link Sides#CAMEL}
 * @param settings of the devices' or the connector's to side
 */
public record RouteTo(String endpoint, Record settings) {

    /** Whether the messages are published to devices. */
    public boolean isDevices() {
        return endpoint.equals(Sides.DEVICES);
    }
}
