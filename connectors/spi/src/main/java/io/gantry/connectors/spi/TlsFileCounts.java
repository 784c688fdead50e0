// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.files.FileEvents;

/**
 * Counts what becomes of the files with which an endpoint listens by TLS. Any thread.
 *
 * @param counts where {@link EndpointEvent#TLS_FILE_RENEWED} and {@link EndpointEvent#TLS_FILE_FAILED} are counted
 */
public record TlsFileCounts(EventCounts<EndpointEvent> counts) implements FileEvents {
    @Override
    public void renewed(String file) {
        counts.count(EndpointEvent.TLS_FILE_RENEWED);
    }

    @Override
    public void failed(String file, String reason) {
        counts.count(EndpointEvent.TLS_FILE_FAILED);
    }
}
