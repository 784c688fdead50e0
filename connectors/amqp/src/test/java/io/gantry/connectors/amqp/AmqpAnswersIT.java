// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.testbed.ArtemisServer;
import io.gantry.testbed.NoDevices;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A request to Artemis")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpAnswersIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ArtemisServer artemis = ArtemisServer.start();
    private final CamelContext camel = new DefaultCamelContext();
    private final ConnectedAmqp connected;
    private final JmsApplication application;

    AmqpAnswersIT() throws JMSException {
        camel.start();
        connected = new ConnectedAmqp(
                new EndpointContext(
                        "erp", camel, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1", Harness.IDS),
                Settings.endpoint(artemis.url()));
        application = new JmsApplication(artemis.url());
    }

    @AfterAll
    void close() throws JMSException {
        application.close();
        connected.close();
        camel.stop();
        artemis.close();
    }

    /** What the route makes of it in the end: the exchange as the producer has left it. */
    private CompletableFuture<Exchange> ask(CamelSink sink, String question) throws Exception {
        io.gantry.api.Message message = Harness.message("a", question);
        Exchange exchange = new DefaultExchange(camel);
        sink.prepare(message, new MessageValues(message, Harness.PATTERN), exchange);
        AsyncProducer producer = sink.endpoint().createAsyncProducer();
        producer.start();
        CompletableFuture<Exchange> done = new CompletableFuture<>();
        producer.process(exchange, doneSync -> done.complete(exchange));
        return done;
    }

    private void answer(Message request, Message answer, String correlation) throws JMSException {
        answer.setJMSCorrelationID(correlation);
        try (MessageProducer producer = application.session.createProducer(request.getJMSReplyTo())) {
            producer.send(answer);
        }
    }

    @Test
    @DisplayName("has its answer from a temporary queue, by correlation id or message id")
    void temporary() throws Exception {
        CamelSink sink = connected.sink("temporary", Settings.asking("ask", null, LONG));
        CompletableFuture<Exchange> done = ask(sink, "what?");
        Message request = application.receive("ask");
        assertThat(request.getJMSCorrelationID()).isEqualTo(request.getJMSMessageID());
        assertThat(request.getJMSExpiration()).isPositive();

        answer(request, application.session.createTextMessage("this"), request.getJMSCorrelationID());

        Exchange answered = done.get(2, TimeUnit.MINUTES);
        assertThat(answered.getException()).isNull();
        assertThat(sink.answerOf(answered)).isInstanceOfSatisfying(Answer.class, answer -> {
            assertThat(answer.payload()).isEqualTo(Payload.ofText("this"));
            assertThat(answer.properties().payloadFormat()).isEqualTo(PayloadFormat.TEXT);
        });
    }

    @Test
    @DisplayName("believes what an answer's properties say of it where the route wants properties, and only there")
    void believed() throws Exception {
        for (boolean believes : List.of(true, false)) {
            CamelSink sink = connected.sink("believed", Settings.asking("ask-all", null, LONG, believes));
            CompletableFuture<Exchange> done = ask(sink, "what?");
            Message request = application.receive("ask-all");
            Message reply = application.session.createTextMessage("this");
            reply.setStringProperty("mqtt_content_type", "text/weather");
            reply.setStringProperty("mqtt_user_properties", "unit=%C2%B0C&unit=K");
            reply.setStringProperty("mqtt_response_topic", "elsewhere");

            answer(request, reply, request.getJMSCorrelationID());

            MessageProperties said = Objects.requireNonNull(sink.answerOf(done.get(2, TimeUnit.MINUTES)))
                    .properties();
            assertThat(said.contentType()).isEqualTo(believes ? "text/weather" : null);
            assertThat(said.userProperties())
                    .isEqualTo(
                            believes
                                    ? List.of(new UserProperty("unit", "°C"), new UserProperty("unit", "K"))
                                    : List.of());
            assertThat(said.responseTopic()).isNull();
        }
    }

    @Test
    @DisplayName("has its answer from a queue that the route names; an answer to nobody is dropped")
    void fixed() throws Exception {
        CamelSink sink = connected.sink("fixed", Settings.asking("ask-fixed", "my-answers", LONG));
        CompletableFuture<Exchange> done = ask(sink, "what?");
        Message request = application.receive("ask-fixed");
        assertThat(request.getJMSReplyTo()).hasToString("my-answers");

        answer(request, application.session.createTextMessage("to nobody"), "ID:unknown");
        answer(request, application.session.createObjectMessage("odd"), request.getJMSMessageID());

        Exchange answered = done.get(2, TimeUnit.MINUTES);
        assertThat(sink.outcomeOf(answered.getException()))
                .as("what cannot be read is no answer")
                .isEqualTo(Answer.NOT_IN_TIME);
        assertThat(connected.counts()).containsExactly(Map.entry("answered-nobody", 1L));
    }

    @Test
    @DisplayName("that nobody answers is not in time")
    void silence() throws Exception {
        CamelSink sink = connected.sink("silent", Settings.asking("ask-nobody", null, Duration.ofMillis(200)));

        Exchange unanswered = ask(sink, "anybody?").get(2, TimeUnit.MINUTES);

        assertThat(sink.outcomeOf(unanswered.getException())).isEqualTo(Answer.NOT_IN_TIME);
    }

    @Test
    @DisplayName("fails at once when the connection is lost while it waits")
    void lost() throws Exception {
        try (ArtemisServer briefly = ArtemisServer.start()) {
            ConnectedAmqp other = new ConnectedAmqp(
                    new EndpointContext(
                            "erp2", camel, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1", Harness.IDS),
                    Settings.endpoint(briefly.url()));
            try {
                CamelSink sink = other.sink("lost", Settings.asking("ask", null, LONG));
                CompletableFuture<Exchange> done = ask(sink, "what?");
                Harness.soon().until(() -> briefly.messages("ask") == 1);

                briefly.stop();

                assertThat(sink.outcomeOf(done.get(2, TimeUnit.MINUTES).getException()))
                        .isInstanceOf(Delivery.Unavailable.class)
                        .isNotEqualTo(Answer.NOT_IN_TIME);
            } finally {
                other.close();
            }
        }
    }
}
