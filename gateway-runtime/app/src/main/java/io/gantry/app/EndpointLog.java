// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.EndpointStatus;
import io.gantry.connectors.spi.EndpointWatcher;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when an endpoint is reached or lost, and remembers it for whoever asks. */
final class EndpointLog implements EndpointWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointLog.class);

    private final Map<String, EndpointStatus> byName = Collections.synchronizedMap(new LinkedHashMap<>());

    @Override
    public void changed(String endpoint, State state, String detail) {
        boolean connected = state == State.CONNECTED;
        boolean first = byName.put(endpoint, new EndpointStatus(endpoint, connected, connected ? "" : detail, Map.of()))
                == null;
        if (connected) {
            LOG.atInfo().addKeyValue("endpoint", endpoint).log("endpoint connected");
        } else if (!first) {
            // every endpoint begins as waiting, which is no news
            LOG.atWarn()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("detail", detail)
                    .log("endpoint waiting: it cannot be reached, its routes go on once it can");
        }
    }

    /** What is known of each endpoint, in the order in which they were first heard of. */
    List<EndpointStatus> endpoints() {
        synchronized (byName) {
            return List.copyOf(byName.values());
        }
    }
}
