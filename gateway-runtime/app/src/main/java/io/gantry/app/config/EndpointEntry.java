// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.Description;
import io.gantry.connectors.spi.Connector;

/**
 * One entry under {@code endpoints:}.
 *
 * @param connector what kind of target system it is
 * @param settings of the connector's {@link Connector#endpointSettings()}
 */
@Description("A target system: the name of its connector, and the connector's settings.")
public record EndpointEntry(Connector<?, ?, ?> connector, Record settings) {}
