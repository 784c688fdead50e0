// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Requests and answers")
class RequestsTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final DevicesUnderTest devices = new DevicesUnderTest();
    private final EventCounts<RouteEvent> counts = new EventCounts<>(EnumSet.allOf(RouteEvent.class));
    private final OpenRequests requests = new OpenRequests(devices);

    @AfterEach
    void close() {
        requests.close();
    }

    private Sink asking(@Nullable String answerTopic, Duration atMost) {
        ToDevices settings = new ToDevices(
                Template.fromText("devices/{key}/ask"),
                QosChoice.fromText("1"),
                RetainChoice.FALSE,
                null,
                answerTopic == null ? null : Template.fromText(answerTopic));
        return new AskingSink(
                new DevicesSink(settings, null, devices.subscribers()),
                requests,
                atMost,
                settings.answerTopic(),
                counts);
    }

    private static CompletableFuture<Delivery> ask(Sink sink, String device) {
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        sink.offer(Messages.record(device), outcome::complete);
        return outcome;
    }

    private static Delivery outcomeOf(CompletableFuture<Delivery> outcome) throws Exception {
        return outcome.get(2, TimeUnit.MINUTES);
    }

    private long count(RouteEvent event) {
        return counts.now().getOrDefault(event.name().toLowerCase(Locale.ROOT).replace('_', '-'), -1L);
    }

    @Test
    @DisplayName("a device is told where to answer, and its answer goes to whoever asked")
    void asks() throws Exception {
        CompletableFuture<Delivery> first = ask(asking(null, LONG), "d1");
        CompletableFuture<Delivery> second = ask(asking(null, LONG), "d2");

        Message request = devices.published.get(0);
        TopicName at = request.properties().responseTopic();
        assertThat(request.topic().value()).isEqualTo("devices/d1/ask");
        assertThat(String.valueOf(at)).matches("gantry/answers/[0-9a-f]{32}");
        assertThat(request.properties().correlationData()).isNotNull();
        assertThat(request.properties().expirySeconds()).isEqualTo(600);
        devices.publish(Messages.published(String.valueOf(at), "open", MessageProperties.NONE));

        Delivery.Accepted accepted = (Delivery.Accepted) outcomeOf(first);
        assertThat(accepted.answer()).isEqualTo(new Answer(Payload.ofText("open"), MessageProperties.NONE));
        assertThat(second).isNotDone();
        assertThat(count(RouteEvent.ASKED)).isEqualTo(2);
        assertThat(count(RouteEvent.ANSWERED)).isEqualTo(1);
    }

    @Test
    @DisplayName("a device that does not answer in time is not waited for, and its late answer is counted")
    void notInTime() throws Exception {
        assertThat(outcomeOf(ask(asking(null, Duration.ofMillis(1)), "d1"))).isEqualTo(Answer.NOT_IN_TIME);

        devices.publish(Messages.published(
                String.valueOf(devices.published.get(0).properties().responseTopic()), "late"));

        assertThat(count(RouteEvent.UNANSWERED)).isEqualTo(1);
        assertThat(requests.late()).isEqualTo(1);
    }

    @Test
    @DisplayName("where devices answer at a topic of the route's, requests there come one at a time")
    void answerTopic() throws Exception {
        Sink sink = asking("devices/{key}/answer", LONG);
        CompletableFuture<Delivery> first = ask(sink, "d1");

        assertThat(outcomeOf(ask(sink, "d1")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, busy -> assertThat(busy.code())
                        .isEqualTo(ReasonCode.QUOTA_EXCEEDED));
        assertThat(ask(sink, "d2")).isNotDone();
        devices.publish(Messages.published("devices/d1/answer", "42"));

        assertThat(((Delivery.Accepted) outcomeOf(first)).answer())
                .isEqualTo(new Answer(Payload.ofText("42"), MessageProperties.NONE));
        assertThat(devices.watchers).hasSize(1);
        assertThat(ask(sink, "d1")).isNotDone();
    }

    @Test
    @DisplayName("what the devices' side refuses, and what no Topic Name can be made of, is refused at once")
    void refuses() throws Exception {
        devices.outcome = new Delivery.Rejected(ReasonCode.QUOTA_EXCEEDED, "full");

        assertThat(outcomeOf(ask(asking(null, LONG), "d1"))).isEqualTo(devices.outcome);
        assertThat(outcomeOf(ask(asking("x/{key}", LONG), "a/b"))).isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName("a gateway that stops tells those who wait")
    void stops() throws Exception {
        CompletableFuture<Delivery> outcome = ask(asking(null, LONG), "d1");

        requests.close();

        assertThat(outcomeOf(outcome)).isInstanceOf(Delivery.Unavailable.class);
    }

    @Test
    @DisplayName("no more than ten thousand wait at once")
    void isBounded() throws Exception {
        Sink sink = asking(null, LONG);
        List<CompletableFuture<Delivery>> waiting = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waiting.add(ask(sink, "d" + i));
        }

        assertThat(outcomeOf(ask(sink, "one-more"))).isInstanceOf(Delivery.Unavailable.class);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }

    private Sink answered(Delivery outcome, @Nullable String replyTopic) {
        return new AnsweredSink(
                "api",
                new Answers(outcome),
                replyTopic == null ? null : Template.fromText(replyTopic),
                TopicPattern.fromText("rpc/{device}/price"),
                devices.subscribers(),
                Messages.IDS,
                counts);
    }

    private static MessageProperties asking(String responseTopic, String correlation) {
        return new MessageProperties(
                null, null, null, new TopicName(responseTopic), Payload.ofText(correlation), List.of());
    }

    @Test
    @DisplayName("a target's answer goes to the Response Topic, with the Correlation Data of the request")
    void answers() throws Exception {
        MessageProperties given = new MessageProperties(
                null, 5L, "application/json", null, Payload.ofText("theirs"), List.of(new UserProperty("a", "b")));
        Delivery outcome = Delivery.answered(new Answer(Payload.ofText("9.99"), given));

        Answers.deliver(
                answered(outcome, "unused/{device}"),
                Messages.published("rpc/d1/price", "", asking("d1/answers", "7")));

        Message answer = devices.published.get(0);
        assertThat(answer.topic().value()).isEqualTo("d1/answers");
        assertThat(answer.payload()).isEqualTo(Payload.ofText("9.99"));
        assertThat(answer.properties())
                .isEqualTo(new MessageProperties(
                        null,
                        null,
                        "application/json",
                        null,
                        Payload.ofText("7"),
                        List.of(new UserProperty("a", "b"))));
        assertThat(count(RouteEvent.ANSWERED)).isEqualTo(1);
    }

    @Test
    @DisplayName("without a Response Topic, as with MQTT 3.1.1, it goes to the route's reply topic, or to nobody")
    void repliesWithoutResponseTopic() throws Exception {
        Delivery outcome = Delivery.answered(new Answer(Payload.ofText("9.99"), MessageProperties.NONE));

        Answers.deliver(answered(outcome, "rpc/{device}/answer"), Messages.published("rpc/d1/price", ""));
        Answers.deliver(answered(outcome, null), Messages.published("rpc/d1/price", ""));
        Answers.deliver(
                answered(outcome, null), Messages.published("rpc/d1/price", "", asking("$SYS/broker/uptime", "7")));

        assertThat(devices.published)
                .extracting(message -> message.topic().value())
                .containsExactly("rpc/d1/answer");
        assertThat(count(RouteEvent.ANSWERED_NOBODY)).isEqualTo(2);
    }

    @Test
    @DisplayName("a target that has the request, or may have it, and does not answer in time is counted")
    void targetDoesNotAnswer() throws Exception {
        for (Delivery outcome : List.of(
                Delivery.accepted(), Answer.NOT_IN_TIME, new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "no"))) {
            assertThat(Answers.deliver(
                            answered(outcome, null), Messages.published("rpc/d1/price", "", asking("d1/answers", "7"))))
                    .isEqualTo(outcome);
        }

        assertThat(devices.published).isEmpty();
        assertThat(count(RouteEvent.UNANSWERED)).isEqualTo(2);
    }

    @Test
    @DisplayName("an answer that the devices' side does not take is counted, and the request is delivered all the same")
    void lost() throws Exception {
        devices.outcome = new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "no room");
        Delivery outcome = Delivery.answered(new Answer(Payload.EMPTY, MessageProperties.NONE));

        assertThat(Answers.deliver(
                        answered(outcome, null), Messages.published("rpc/d1/price", "", asking("d1/answers", "7"))))
                .isEqualTo(outcome);
        assertThat(count(RouteEvent.ANSWER_LOST)).isEqualTo(1);
    }
}
