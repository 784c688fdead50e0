// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.MessageHeader;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.util.DatagramReader;

/** 5.08 Hop Limit Reached (RFC 8768): a request goes round. Californium has no such code, and takes it for 5.00. */
final class HopLimitReached extends Response {
    private static final int CODE = 5 << 5 | 8;

    HopLimitReached() {
        super(ResponseCode.INTERNAL_SERVER_ERROR);
    }

    @Override
    public int getRawCode() {
        return CODE;
    }

    /** Tells it from others among the answers that come in. */
    static final class Parser extends UdpDataParser {

        @Override
        protected Message parseMessage(DatagramReader reader, MessageHeader header, Message target) {
            return super.parseMessage(reader, header, header.getCode() == CODE ? new HopLimitReached() : target);
        }
    }
}
