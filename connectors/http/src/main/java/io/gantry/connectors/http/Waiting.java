// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A message that waits for its batch.
 *
 * @param request which it would be alone, with the message as JSON for its body
 * @param sinceNanos when it came
 */
record Waiting(PreparedRequest request, Exchange exchange, AsyncCallback callback, long sinceNanos) {

    static Waiting of(Exchange exchange, AsyncCallback callback) {
        return new Waiting((PreparedRequest) exchange.getMessage().getBody(), exchange, callback, System.nanoTime());
    }

    int size() {
        return request.body().size();
    }

    /** Tells what became of it; null when it was taken. */
    void tell(@Nullable OutcomeException failure) {
        if (failure != null) {
            exchange.setException(failure);
        }
        callback.done(false);
    }
}
