// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Payload;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;

/**
 * A request as {@link CoapSink} wants it sent.
 *
 * @param confirmable CON rather than NON
 * @param options path, query, content type and what belongs to the message; not where it goes
 */
record PreparedRequest(CoapMethod method, boolean confirmable, OptionSet options, Payload body) {

    /** Whether the body goes in several blocks. */
    boolean isLarge(int blockSize) {
        return body.size() > blockSize;
    }

    Request toRequest() {
        Request request = new Request(method.code(), confirmable ? Type.CON : Type.NON);
        request.setOptions(options);
        if (!body.isEmpty()) {
            request.setPayload(body.sharedBytes());
        }
        return request;
    }
}
