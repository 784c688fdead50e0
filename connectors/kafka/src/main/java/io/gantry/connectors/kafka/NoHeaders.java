// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** Lets no header from Camel to Kafka nor from Kafka to Camel: what records carry, we put there and take from there. */
enum NoHeaders implements HeaderFilterStrategy {
    STRATEGY;

    @Override
    public boolean applyFilterToCamelHeaders(String headerName, Object headerValue, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String headerName, Object headerValue, Exchange exchange) {
        return true;
    }
}
