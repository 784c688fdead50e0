// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** The JSON object that a server has answered with. */
final class JsonAnswer {
    private JsonAnswer() {}

    /** @throws CompletionException when it is something else */
    static Map<String, Object> of(HttpCalls.Answer answer) {
        try {
            return JSONObjectUtils.parse(answer.body().asText());
        } catch (ParseException | RuntimeException malformed) {
            throw new CompletionException(new IOException("answered with something else than a JSON object"));
        }
    }

    /** For a status that says nothing about the device. */
    static CompletionException failed(HttpCalls.Answer answer) {
        return new CompletionException(new IOException("answered with status " + answer.status()));
    }
}
