// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request is answered with.
 *
 * @param headers besides those that every answer has
 */
record HttpAnswer(int status, String contentType, Payload body, List<UserProperty> headers) {
    private static final String JSON = "application/json";

    HttpAnswer {
        headers = List.copyOf(headers);
    }

    static HttpAnswer of(int status, String contentType, Payload body) {
        return new HttpAnswer(status, contentType, body, List.of());
    }

    /** Taken, with nothing more to say. */
    static HttpAnswer taken() {
        return of(202, JSON, Payload.ofText("{}\n"));
    }

    /**
     * The same form for every error.
     *
     * @param what a fixed text without quotes and backslashes
     */
    static HttpAnswer error(int status, String what) {
        return of(
                status,
                JSON,
                Payload.ofText("{\"error\":\"" + what.replace("\\", "").replace("\"", "'") + "\"}\n"));
    }

    HttpAnswer with(String name, String value) {
        List<UserProperty> more = new ArrayList<>(headers);
        more.add(new UserProperty(name, value));
        return new HttpAnswer(status, contentType, body, more);
    }

    /** To be tried again. */
    static HttpAnswer notNow(String why, long seconds) {
        return error(503, why).with("Retry-After", Long.toString(seconds));
    }
}
