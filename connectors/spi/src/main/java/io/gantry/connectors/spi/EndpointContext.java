// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.DeviceSide;
import io.gantry.api.MessageId;
import io.gantry.api.security.CallerGate;
import java.util.Objects;
import org.apache.camel.CamelContext;

/**
 * What an endpoint is opened with.
 *
 * @param name the endpoint's name in the YAML
 * @param watcher is told each change of state, on any thread
 * @param devices the devices' side, for an endpoint whose callers are devices themselves
 * @param gateway tells this gateway from every other, in letters and digits; stays the same over restarts
 * @param ids gives what callers that are devices publish its identity
 */
public record EndpointContext(
        String name,
        CamelContext camel,
        EndpointWatcher watcher,
        DeviceSide devices,
        String gateway,
        MessageId.Sequence ids) {

    /**
     * What is asked about the callers of an endpoint that is under {@code security:}. That something in the file says who may
     * connect is checked where it is read ({@link GuardedSettings}).
     */
    public CallerGate gate() {
        return Objects.requireNonNull(devices.gate(), "nothing says who may call the endpoint " + name);
    }
}
