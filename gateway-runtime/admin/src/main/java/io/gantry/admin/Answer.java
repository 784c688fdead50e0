// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with: a status, a content type and a text.
 *
 * @param headers those that this answer has and others have not
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {
    static final String JSON = "application/json";

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer ok(JsonObject body) {
        return json(200, body);
    }

    static Answer json(int status, JsonObject body) {
        return new Answer(status, JSON, body.encode() + "\n", Map.of());
    }

    /** The same form for every error, so that a script can show it. */
    static Answer error(int status, String what) {
        return json(status, new JsonObject().put("error", what));
    }

    /** The same with one more header. */
    Answer with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Answer(status, contentType, body, all);
    }
}
