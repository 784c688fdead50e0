// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.ChangesOnly;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Values;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each message a CoAP request, and a {@link Delivery} of what comes of it. */
final class CoapSink implements CamelSink {
    private static final Logger LOG = LoggerFactory.getLogger(CoapSink.class);
    private static final Delivery GOES_ROUND = new Delivery.Rejected(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the CoAP server answered 5.08: the message goes round");

    private final String route;
    private final Endpoint endpoint;
    private final CoapTo settings;
    private final RequestChoice request;
    private final ResponseClasses responses;
    private final ChangesOnly reported = new ChangesOnly();

    CoapSink(String route, Endpoint endpoint, CoapTo settings, int blockSize) {
        this.route = route;
        this.endpoint = endpoint;
        this.settings = settings;
        this.request = new RequestChoice(settings, blockSize);
        this.responses = new ResponseClasses(PathTemplate.of(settings.path()).isFixed());
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
        if (failure instanceof ErrorAnswerException answer) {
            Delivery outcome = answer.goesRound() ? GOES_ROUND : responses.outcomeOf(answer.code(), answer.maxAge());
            report(outcome, String.valueOf(answer.getMessage()));
            return outcome;
        }
        boolean isLate = settings.reply() && failure instanceof NoAnswerException;
        Delivery outcome = isLate ? Answer.NOT_IN_TIME : SendFailures.outcomeOf(failure);
        report(outcome, failure.getClass().getSimpleName());
        return outcome;
    }

    @Override
    public @Nullable Answer answerOf(Exchange exchange) {
        if (!settings.reply() || !(exchange.getMessage().getBody() instanceof Response response)) {
            return null;
        }
        byte[] payload = response.getPayload();
        return new Answer(
                payload == null ? Payload.EMPTY : Payload.owning(payload),
                AnswerProperties.read(response.getOptions(), settings.properties()));
    }

    /** Who copies all that MQTT says is likely to read it back; other servers are spared an option of ours. */
    @Override
    public boolean mayComeBack() {
        return settings.properties();
    }

    /** Names the kind of failure only: its text may contain what a device or the server sent. */
    private void report(Delivery outcome, String failure) {
        if (reported.isNews(failure)) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("failure", failure)
                    .log("a CoAP server did not take a message; further failures of this kind are not logged for a"
                            + " while");
        }
    }
}
