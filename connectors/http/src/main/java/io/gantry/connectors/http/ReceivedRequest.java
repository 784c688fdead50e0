// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import io.gantry.api.security.Guest;
import java.util.List;
import java.util.function.Consumer;

/**
 * A whole request that has been let in.
 *
 * @param method upper case
 * @param path its segments, decoded
 * @param query names and values in their order, decoded
 * @param guest who calls, and what he may do
 * @param answers is to be given the answer, on any thread; what comes after the first is ignored
 */
record ReceivedRequest(
        String method,
        List<String> path,
        List<UserProperty> query,
        RequestHeaders headers,
        Payload body,
        Guest guest,
        Consumer<HttpAnswer> answers) {

    void answer(HttpAnswer answer) {
        answers.accept(answer);
    }
}
