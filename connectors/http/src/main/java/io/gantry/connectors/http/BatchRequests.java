// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends the batches of a route by the endpoint's client. */
final class BatchRequests implements BatchLane.BatchSender {
    private final BatchBody body;
    private final SharedClient client;
    private final StatusClasses statuses;

    BatchRequests(BatchSettings.Format format, SharedClient client, StatusClasses statuses) {
        this.body = new BatchBody(format);
        this.client = client;
        this.statuses = statuses;
    }

    @Override
    public @Nullable OutcomeException send(List<PreparedRequest> batch) {
        try {
            Response answer = client.exchange(body.of(batch), false);
            return answer.isSuccess()
                    ? null
                    : new OutcomeException(
                            statuses.outcomeOf(answer.status(), answer.headers()), "status " + answer.status());
        } catch (IOException | RuntimeException failure) {
            return failure instanceof OutcomeException known
                    ? known
                    : new OutcomeException(
                            RequestFailures.outcomeOf(failure),
                            failure.getClass().getSimpleName());
        }
    }

    @Override
    public void later(Runnable task, Duration delay) {
        client.later(task, delay);
    }
}
