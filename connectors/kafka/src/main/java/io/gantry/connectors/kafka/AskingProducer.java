// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Answer;
import io.gantry.api.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, and is done with one when its answer is there or nobody has answered in time. No thread waits.
 *
 * @param gateway tells our requests from other gateways'
 * @param timeout from when Kafka has the request
 */
record AskingProducer(Replies replies, String gateway, Duration timeout) {
    /** Where the answer is left on the exchange. */
    static final String ANSWER = "gantry.kafka.answer";

    /** Sends a record as Camel's producer does. */
    @FunctionalInterface
    interface Send {
        boolean process(Exchange exchange, AsyncCallback callback);
    }

    boolean process(Exchange exchange, AsyncCallback callback, Send send) {
        PreparedRecord request = (PreparedRecord) exchange.getMessage().getBody();
        String correlation =
                new String(request.headers().lastHeader(Replies.CORRELATION).value(), StandardCharsets.UTF_8);
        CompletableFuture<@Nullable Answer> answer = replies.expect(correlation);
        if (answer == null) {
            exchange.setException(new TimeoutException("answers cannot be read now, or too many are expected"));
            callback.done(true);
            return true;
        }
        send.process(exchange, sent -> {
            if (exchange.getException() != null) {
                replies.forget(correlation);
                callback.done(false);
            } else {
                await(exchange, callback, correlation, answer);
            }
        });
        return false;
    }

    private void await(
            Exchange exchange,
            AsyncCallback callback,
            String correlation,
            CompletableFuture<@Nullable Answer> expected) {
        CompletableFuture<@Nullable Answer> unused = expected.completeOnTimeout(
                        null, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync((answer, impossible) -> {
                    replies.forget(correlation);
                    exchange.setProperty(ANSWER, answer);
                    callback.done(false);
                });
    }

    /** What tells the one who answers where to, and us what for. */
    List<Header> headersOf(Message message) {
        return List.of(
                header(Replies.CORRELATION, gateway + "-" + message.id()),
                header(Replies.REPLY_TOPIC, replies.topic()));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
