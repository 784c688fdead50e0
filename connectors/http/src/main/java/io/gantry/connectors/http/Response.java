// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;

/**
 * What came back.
 *
 * @param head status and headers
 * @param body empty where nobody asked for it
 */
record Response(ClassicHttpResponse head, Payload body) {

    int status() {
        return head.getCode();
    }

    boolean isSuccess() {
        return head.getCode() / 100 == 2;
    }

    Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : head.getHeaders()) {
            headers.putIfAbsent(header.getName(), header.getValue());
        }
        return headers;
    }
}
