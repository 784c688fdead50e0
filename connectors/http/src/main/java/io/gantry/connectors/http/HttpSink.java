// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.ChangesOnly;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Values;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each message an HTTP request, and a {@link Delivery} of what comes of it. */
final class HttpSink implements CamelSink {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSink.class);

    private final String route;
    private final Endpoint endpoint;
    private final RequestChoice request;
    private final StatusClasses statuses;
    private final boolean keepsOrder;
    private final boolean saysAll;
    private final boolean asks;
    private final ChangesOnly reported = new ChangesOnly();

    /**
     * A route's way to one endpoint.
     *
     * @param statuses what an answer means for the route's path
     */
    HttpSink(String route, Endpoint endpoint, RequestChoice request, StatusClasses statuses, HttpTo settings) {
        this.keepsOrder = settings.batch() != null;
        this.saysAll = settings.properties();
        this.asks = settings.reply();
        this.route = route;
        this.endpoint = endpoint;
        this.request = request;
        this.statuses = statuses;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException {
        exchange.getMessage().setBody(request.of(message, values));
    }

    @Override
    public Delivery outcomeOf(Throwable failure) {
        if (failure instanceof OutcomeException known) {
            report(known.outcome(), known.kind());
            return known.outcome();
        }
        if (failure instanceof HttpOperationFailedException answer) {
            Delivery outcome = statuses.outcomeOf(answer.getStatusCode(), answer.getResponseHeaders());
            report(outcome, "status " + answer.getStatusCode());
            return outcome;
        }
        Delivery outcome =
                asks && RequestFailures.isLate(failure) ? Answer.NOT_IN_TIME : RequestFailures.outcomeOf(failure);
        report(outcome, failure.getClass().getSimpleName());
        return outcome;
    }

    @Override
    public boolean keepsOrder() {
        return keepsOrder;
    }

    @Override
    public @Nullable Answer answerOf(Exchange exchange) {
        return exchange.getProperty(RequestEndpoint.ANSWER, Answer.class);
    }

    /** Who copies all that MQTT says is likely to read it back; other services are spared a header of ours. */
    @Override
    public boolean mayComeBack() {
        return saysAll;
    }

    /** Names the kind of failure only: its text may contain what a device or the service sent. */
    private void report(Delivery outcome, String failure) {
        if (reported.isNews(failure)) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("failure", failure)
                    .log("an HTTP service did not take a message; further failures of this kind are not logged for a"
                            + " while");
        }
    }
}
