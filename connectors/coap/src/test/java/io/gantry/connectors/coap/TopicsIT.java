// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Caller.request;
import static io.gantry.connectors.coap.Caller.shown;
import static io.gantry.connectors.coap.Harness.answerOf;
import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.TopicName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionNumberRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A CoAP client at the path of the topics is a device: it")
class TopicsIT {
    private final int port = Harness.freePort();
    private final Devices devices = new Devices();
    private final Harness harness = new Harness(
            Settings.listen("127.0.0.1:" + port)
                    .withTopics("/ps")
                    .withWaits(Duration.ofMillis(300), 1, Duration.ofSeconds(30))
                    .withLimits(16, 2, 3, 100, "2KiB"),
            devices);
    private final Caller caller = new Caller(port);

    TopicsIT() {
        harness.listen();
    }

    @AfterEach
    void close() {
        caller.close();
        harness.close();
    }

    @Test
    @DisplayName(
            "publishes by POST and PUT, under its address, with the QoS of CON and NON, and content type and expiry")
    void publishes() {
        Request put = request(Code.PUT, "/ps/sensors/north", "{}");
        put.getOptions().setContentFormat(50).setMaxAge(60);

        assertThat(shown(caller.call(put))).isEqualTo("2.04");
        Request non = request(Code.POST, "/ps/sensors//x?retain=true", "1");
        non.setType(Type.NON);
        assertThat(shown(caller.call(non))).isEqualTo("2.04");
        assertThat(shown(caller.call(Code.POST, "/ps/a?qos=2", "2"))).isEqualTo("2.04");

        assertThat(devices.published)
                .extracting(Message::topic)
                .extracting(TopicName::value)
                .containsExactly("sensors/north", "sensors//x", "a");
        assertThat(devices.published)
                .extracting(Message::qos)
                .containsExactly(Qos.AT_LEAST_ONCE, Qos.AT_MOST_ONCE, Qos.EXACTLY_ONCE);
        assertThat(devices.published).extracting(Message::retain).containsExactly(false, true, false);
        assertThat(devices.published.get(0).properties())
                .isEqualTo(new MessageProperties(null, 60L, "application/json", null, null, List.of()));
        assertThat(devices.published.get(0).origin()).isInstanceOfSatisfying(Origin.Device.class, device -> assertThat(
                        device.clientId().value())
                .startsWith("coap:coap:127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ps/$SYS/x",
                "/ps/a/+",
                "/ps/#",
                "/ps/a%2Fb",
                "/ps/a%00",
                "/ps/a?qos=3",
                "/ps/a?retain=yes",
                "/ps/a?CamelHttpUri=x",
                "/ps/a?qos",
                "/ps/l/o/n/g/l/o/n/g/l/o/n/g/l/o/n/g/l/o/n/g/l/o/n/g/l/o/n/g/l/o/n/g/x"
            })
    @DisplayName("is refused with 4.00 where the path is no topic for devices or the query says something else [C19]")
    void badRequests(String path) {
        Request request = request(Code.POST, path.replace("%2F", "\u0001").replace("%00", "\u0002"), "x");
        List<String> segments = request.getOptions().getUriPath();
        List<String> raw = segments.stream()
                .map(segment -> segment.replace('\u0001', '/').replace('\u0002', '\u0000'))
                .toList();
        request.getOptions().clearUriPath();
        raw.forEach(request.getOptions()::addUriPath);

        assertThat(shown(caller.call(request))).startsWith("4.00");
        assertThat(devices.published).isEmpty();
    }

    @Test
    @DisplayName("is told by the code what was refused for good, and when to come again otherwise")
    void refusals() {
        devices.outcome = new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "not for you");
        assertThat(shown(caller.call(Code.POST, "/ps/a", "x"))).isEqualTo("4.03 not for you");
        devices.outcome = new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "no");
        assertThat(shown(caller.call(Code.POST, "/ps/a", "x"))).isEqualTo("4.00 no");
        devices.outcome =
                new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full", Retry.after(Duration.ofSeconds(7)));
        Response later = caller.call(Code.POST, "/ps/a", "x");
        assertThat(shown(later)).isEqualTo("5.03 full");
        assertThat(later.getOptions().getMaxAge()).isEqualTo(7);
        assertThat(shown(caller.call(Code.DELETE, "/ps/a", ""))).startsWith("4.05");
        assertThat(shown(caller.call(Code.GET, "/ps", ""))).startsWith("4.04");
        assertThat(shown(caller.call(Code.GET, "/elsewhere", ""))).startsWith("4.04");
    }

    @Test
    @DisplayName("reads the Retained Message by GET, if it wants its content type; 4.04 where there is none")
    void reads() {
        retain("a", "application/json", "{}");
        Request xml = request(Code.GET, "/ps/a", "");
        xml.getOptions().setAccept(41);
        Request json = request(Code.GET, "/ps/a", "");
        json.getOptions().setAccept(50);

        Response found = caller.call(Code.GET, "/ps/a", "");

        assertThat(shown(found)).isEqualTo("2.05 {}");
        assertThat(found.getOptions().getContentFormat()).isEqualTo(50);
        assertThat(shown(caller.call(json))).isEqualTo("2.05 {}");
        assertThat(shown(caller.call(xml))).startsWith("4.06");
        assertThat(shown(caller.call(Code.GET, "/ps/b", ""))).startsWith("4.04");
    }

    private void retain(String topic, String type, String payload) {
        Message message = message(topic, payload, new MessageProperties(null, null, type, null, null, List.of()));
        devices.retained.put(message.topic(), message);
    }

    private static Message message(String topic, String payload, MessageProperties properties) {
        Message any = Harness.message("x", properties, Payload.ofText(payload));
        return new Message(
                any.id(),
                new TopicName(topic),
                any.payload(),
                any.qos(),
                false,
                properties,
                any.origin(),
                any.receivedMillis());
    }

    private void publish(String topic, String payload) {
        devices.publish(message(topic, payload, MessageProperties.NONE), Acknowledgement.NOBODY);
    }

    @Test
    @DisplayName("observes: gets what is retained, then what is published, until it ends that, and the topic is let go")
    void observes() {
        retain("a", "text/plain", "first");
        Caller.Observing observing = caller.observe("/ps/a");
        assertThat(shown(answerOf(observing.first))).isEqualTo("2.05 first");
        Caller.Observing empty = caller.observe("/ps/b");
        assertThat(shown(answerOf(empty.first))).isEqualTo("2.05");

        publish("a", "second");
        soon().until(() -> observing.contents.contains("second"));
        publish("a", "third");
        soon().until(() -> observing.contents.contains("third"));
        publish("b", "other");
        soon().until(() -> empty.contents.contains("other"));
        assertThat(observing.contents).doesNotContain("other");

        caller.cancel(observing);
        caller.cancel(empty);
        soon().until(devices.watchers::isEmpty);
    }

    @Test
    @DisplayName("observes a topic that changes fast: gets the newest in the end, and each only after the one before")
    void newest() {
        Caller.Observing observing = caller.observe("/ps/a");
        answerOf(observing.first);

        for (int i = 1; i <= 5_000; i++) {
            publish("a", Integer.toString(i));
        }

        soon().until(() -> observing.contents.contains("5000"));
        assertThat(observing.contents.size()).isLessThan(4_000);
    }

    @Test
    @DisplayName("that observes and goes away without a word gets one notification more and is forgotten")
    void gone() {
        Caller other = new Caller(port);
        answerOf(other.observe("/ps/a").first);
        assertThat(devices.watchers).hasSize(1);
        other.close();

        publish("a", "1");

        soon().until(devices.watchers::isEmpty);
    }

    @Test
    @DisplayName("cannot observe more than max-observers allows; a watched topic is watched once")
    void tooManyObservers() {
        Caller.Observing first = caller.observe("/ps/a");
        answerOf(first.first);
        try (Caller second = new Caller(port);
                Caller third = new Caller(port)) {
            answerOf(second.observe("/ps/a").first);
            assertThat(devices.watchers).hasSize(1);

            Response refused = answerOf(third.observe("/ps/c").first);

            assertThat(shown(refused)).isEqualTo("5.03 too many topics are observed");
            assertThat(devices.watchers).hasSize(1);
            caller.cancel(first);
            assertThat(shown(answerOf(third.observe("/ps/c").first))).isEqualTo("2.05");
        }
    }

    @Test
    @DisplayName("is refused with 4.13 when its request is too large, whether it says so before or not")
    void tooLarge() {
        String large = "x".repeat(2_049);
        Request unannounced = request(Code.POST, "/ps/a", large);

        assertThat(shown(caller.call(Code.POST, "/ps/a", "x".repeat(2_048)))).isEqualTo("2.04");
        assertThat(shown(caller.call(unannounced))).startsWith("4.13");
        assertThat(devices.published).hasSize(1);
    }

    @Test
    @DisplayName(
            "is refused with 5.03 while too many requests are not answered, and is acknowledged before it is answered")
    void tooManyRequests() {
        devices.silent = true;
        List<CompletableFuture<Response>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(caller.send(request(Code.POST, "/ps/a", "x")));
        }
        soon().until(() -> devices.published.size() == 3);

        assertThat(shown(caller.call(Code.POST, "/ps/a", "x")))
                .isEqualTo("5.03 too many requests are not answered yet");

        // longer than the client waits for an acknowledgement in all, so that it has had one
        soon().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        assertThat(devices.published).hasSize(3);
    }

    @Test
    @DisplayName("that takes the gateway for a proxy, or uses options that nobody knows, is refused")
    void options() {
        Request proxy = request(Code.GET, "/ps/a", "");
        proxy.getOptions().setProxyUri("coap://169.254.169.254/");
        Request conditional = request(Code.PUT, "/ps/a", "x");
        conditional.getOptions().setIfNoneMatch(true);
        Request elective = request(Code.PUT, "/ps/a", "x");
        elective.getOptions().addOption(new Option(65_000, new byte[] {1}));

        assertThat(shown(caller.call(proxy))).startsWith("5.05");
        assertThat(shown(caller.call(conditional)))
                .isEqualTo("4.02 option " + OptionNumberRegistry.IF_NONE_MATCH + " is not understood");
        assertThat(shown(caller.call(elective))).isEqualTo("2.04");
        assertThat(shown(caller.call(new Request(Code.FETCH)))).startsWith("4.05");
    }

    @Test
    @DisplayName("that sends a request twice is heard once, and answered twice [D18]")
    void duplicates() {
        try (LosingProxy proxy = new LosingProxy(port);
                Caller behind = new Caller(proxy.port())) {
            proxy.losesToClient = number -> number == 1;

            assertThat(shown(behind.call(Code.POST, "/ps/a", "x"))).isEqualTo("2.04");

            assertThat(proxy.toServer.get()).isEqualTo(2);
            assertThat(devices.published).hasSize(1);
        }
    }

    @Test
    @DisplayName("is refused for now once the gateway stops")
    void stopping() {
        harness.routes.stopSources();

        assertThat(shown(caller.call(Code.POST, "/ps/a", "x"))).isEqualTo("5.03 the gateway stops");
    }
}
