// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.RejectedMessageException;

/** The query with which a CoAP client publishes: {@code qos=1&retain=true}. Whoever says nothing gets what fits CoAP. */
record PublishQuery(Qos qos, boolean retain) {

    /**
     * Reads a request's query.
     *
     * @throws RejectedMessageException when it says something else
     */
    static PublishQuery of(IncomingRequest request) throws RejectedMessageException {
        Qos qos = request.qos();
        boolean retain = false;
        for (UserProperty part : request.query()) {
            if (part.name().equals("query.qos")) {
                qos = qos(part.value());
            } else if (part.name().equals("query.retain")) {
                retain = truth(part.value());
            } else {
                throw wrong();
            }
        }
        return new PublishQuery(qos, retain);
    }

    private static Qos qos(String text) throws RejectedMessageException {
        try {
            return Qos.fromText(text);
        } catch (IllegalArgumentException other) {
            throw wrong();
        }
    }

    private static boolean truth(String text) throws RejectedMessageException {
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong();
        }
        return text.equals("true");
    }

    private static RejectedMessageException wrong() {
        return new RejectedMessageException(
                ReasonCode.PROTOCOL_ERROR, "the query may say qos=0, 1 or 2 and retain=true or false");
    }
}
