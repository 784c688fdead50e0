// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Stands directly before every Camel producer, and on the way back to a consumer: nothing that is a header so far gets
 * through. Camel components obey headers, so none may come from a device or a record.
 */
final class HeaderGate {

    private HeaderGate() {}

    static void close(Exchange exchange) {
        Message message = exchange.getMessage();
        if (message.hasHeaders()) {
            message.getHeaders().clear();
        }
    }
}
