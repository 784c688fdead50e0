// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonObject;

/** What a request is answered with: a status, a content type and a text. */
record Answer(int status, String contentType, String body) {
    static final String JSON = "application/json";

    static Answer ok(JsonObject body) {
        return json(200, body);
    }

    static Answer json(int status, JsonObject body) {
        return new Answer(status, JSON, body.encode() + "\n");
    }

    /** The same form for every error, so that a script can show it. */
    static Answer error(int status, String what) {
        return json(status, new JsonObject().put("error", what));
    }
}
