// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.connectors.spi.EndpointWatcher;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when an endpoint is reached or lost. */
final class EndpointLog implements EndpointWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointLog.class);

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Override
    public void changed(String endpoint, State state, String detail) {
        boolean first = known.add(endpoint);
        if (state == State.CONNECTED) {
            LOG.atInfo().addKeyValue("endpoint", endpoint).log("endpoint connected");
        } else if (!first) {
            // every endpoint begins as waiting, which is no news
            LOG.atWarn()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("detail", detail)
                    .log("endpoint waiting: it cannot be reached, its routes go on once it can");
        }
    }
}
