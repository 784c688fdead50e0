// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.Arrays;
import org.eclipse.californium.core.coap.CoAP.Code;

/** The methods of RFC 7252. */
public enum CoapMethod {
    GET(Code.GET, false),
    POST(Code.POST, true),
    PUT(Code.PUT, true),
    DELETE(Code.DELETE, false);

    private final Code code;
    private final boolean body;

    CoapMethod(Code code, boolean body) {
        this.code = code;
        this.body = body;
    }

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static CoapMethod fromText(String text) {
        return Arrays.stream(values())
                .filter(method -> method.name().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("must be GET, POST, PUT or DELETE, was '" + text + "'"));
    }

    Code code() {
        return code;
    }

    /** Whether a request of the method carries the payload. */
    boolean hasBody() {
        return body;
    }
}
