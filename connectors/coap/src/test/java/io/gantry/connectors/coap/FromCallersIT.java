// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Caller.option;
import static io.gantry.connectors.coap.Caller.request;
import static io.gantry.connectors.coap.Caller.shown;
import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A CoAP request to the path of a route")
class FromCallersIT {
    private final int port = Harness.freePort();
    private final Harness harness = new Harness(Settings.listen("coap://127.0.0.1:" + port));
    private final Caller caller = new Caller(port);
    private final List<Message> taken = new CopyOnWriteArrayList<>();
    private final List<Acknowledgement> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        caller.close();
        harness.close();
    }

    private void take(Message message, Acknowledgement acknowledgement, Delivery outcome) {
        taken.add(message);
        acknowledgement.complete(outcome);
    }

    private void accept(Message message, Acknowledgement acknowledgement) {
        take(message, acknowledgement, Delivery.accepted());
    }

    @Test
    @DisplayName("is a message with the parts of path and query first among its values, and no option is believed")
    void message() {
        harness.listen(Settings.from("devices/{device}/{path}"), this::accept);
        Request request = request(Code.POST, "/devices/d1/ask?site=north&mqtt-topic=x&flag", "21.5");
        request.getOptions().setContentFormat(0).setMaxAge(9);
        request.getOptions().addOption(option("path.device=forged")).addOption(option("mqtt-topic=elsewhere"));

        assertThat(shown(caller.call(request))).isEqualTo("2.04");

        Message message = taken.get(0);
        assertThat(message.topic().value()).isEqualTo("devices/d1/ask");
        assertThat(message.payload().asText()).isEqualTo("21.5");
        assertThat(message.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(message.properties())
                .isEqualTo(new MessageProperties(null, 9L, "text/plain;charset=utf-8", null, null, List.of()));
        assertThat(message.origin())
                .isEqualTo(new Origin.Endpoint(
                        "coap",
                        null,
                        List.of(
                                new UserProperty("path.device", "d1"),
                                new UserProperty("path.path", "ask"),
                                new UserProperty("query.site", "north"),
                                new UserProperty("query.mqtt-topic", "x"),
                                new UserProperty("query.flag", ""),
                                new UserProperty("path.device", "forged"),
                                new UserProperty("mqtt-topic", "elsewhere"))));
    }

    @Test
    @DisplayName("gives User Properties of what the route names, and what MQTT says when the route believes it")
    void properties() {
        harness.listen(
                Settings.from("in/{device}", false, true, Map.of("device", "path.device", "site", "query.site")),
                this::accept);
        Request request = request(Code.PUT, "/in/d1?site=a%26b", "x");
        request.getOptions()
                .addOption(option("mqtt-topic=a/b"))
                .addOption(option("mqtt-qos=2"))
                .addOption(option("mqtt-retain=true"))
                .addOption(option("mqtt-content-type=text/%C3%A4"));

        assertThat(shown(caller.call(request))).isEqualTo("2.04");

        Message message = taken.get(0);
        assertThat(message.topic().value()).isEqualTo("a/b");
        assertThat(message.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(message.retain()).isTrue();
        assertThat(message.properties().contentType()).isEqualTo("text/ä");
        assertThat(message.properties().userProperties())
                .containsExactlyInAnyOrder(new UserProperty("device", "d1"), new UserProperty("site", "a%26b"));
    }

    @Test
    @DisplayName("is answered with what the device has answered, and with 5.04 when it has not in time")
    void reply() {
        harness.listen(Settings.from("{device}/ask", true, false, Map.of()), (message, acknowledgement) -> {
            boolean known = message.topic().value().startsWith("d1");
            take(
                    message,
                    acknowledgement,
                    known
                            ? Delivery.answered(new Answer(
                                    Payload.ofText("{\"t\":21}"),
                                    new MessageProperties(null, null, "application/json", null, null, List.of())))
                            : Answer.NOT_IN_TIME);
        });

        Response answer = caller.call(Code.POST, "/d1/ask", "?");

        assertThat(shown(answer)).isEqualTo("2.04 {\"t\":21}");
        assertThat(answer.getOptions().getContentFormat()).isEqualTo(50);
        assertThat(shown(caller.call(Code.POST, "/d2/ask", "?"))).isEqualTo("5.04 no answer came in time");
    }

    @Test
    @DisplayName("is acknowledged first when its answer takes long, is answered then, and is taken once")
    void late() {
        harness.listen(Settings.from("{device}/ask", true, false, Map.of()), (message, acknowledgement) -> {
            taken.add(message);
            open.add(acknowledgement);
        });

        CompletableFuture<Response> answer = caller.send(request(Code.POST, "/d1/ask", "?"));
        soon().until(() -> open.size() == 1);
        soon().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        open.get(0).complete(Delivery.answered(new Answer(Payload.ofText("late"), MessageProperties.NONE)));

        assertThat(shown(Harness.answerOf(answer))).isEqualTo("2.04 late");
        assertThat(taken).hasSize(1);
    }

    @Test
    @DisplayName("is refused by what the route says, by its method, and by its path")
    void refused() {
        harness.listen(
                Settings.from("in/{device}"),
                (message, acknowledgement) -> take(
                        message, acknowledgement, new Delivery.Rejected(ReasonCode.PAYLOAD_FORMAT_INVALID, "no JSON")));

        assertThat(shown(caller.call(Code.POST, "/in/d1", "x"))).isEqualTo("4.00 no JSON");
        assertThat(shown(caller.call(Code.GET, "/in/d1", ""))).isEqualTo("4.05 takes [POST, PUT]");
        assertThat(shown(caller.call(Code.POST, "/in", "x"))).startsWith("4.04");
        assertThat(shown(caller.call(Code.POST, "/in/d1/x", "x"))).startsWith("4.04");
        assertThat(shown(caller.call(Code.POST, "/in/+", "x"))).startsWith("4.00");
        assertThat(taken).hasSize(1);
        assertThat(harness.routes.counts().get("r"))
                .as("the one without a Topic Name")
                .containsEntry("refused", 1L)
                .containsEntry("received", 1L)
                .containsEntry("rejected", 1L);
        assertThat(harness.routes.endpointCounts().get("coap")).as("the others").containsEntry("refused", 3L);
    }

    @Test
    @DisplayName("that cannot be what its options say is refused")
    void badOptions() {
        harness.listen(Settings.from("in", false, true, Map.of()), this::accept);
        for (String wrong : List.of("mqtt-qos=7", "mqtt-topic=a/+", "mqtt-retain=1", "mqtt-expiry=-1")) {
            Request request = request(Code.POST, "/in", "x");
            request.getOptions().addOption(option(wrong));

            assertThat(shown(caller.call(request))).as(wrong).startsWith("4.00");
        }
        assertThat(taken).isEmpty();
        assertThat(harness.routes.counts().get("r"))
                .containsEntry("refused", 4L)
                .containsEntry("received", 0L);
    }

    @Test
    @DisplayName("belongs to one route: a second one with the same path is refused, as is a route that ends there")
    void twice() {
        harness.routes.from("a", "coap", Settings.from("in/{device}"), this::accept);

        assertThatThrownBy(() -> harness.routes.from("b", "coap", Settings.from("/in/{other}"), this::accept))
                .hasMessageContaining("must not be that of another route");
        assertThatThrownBy(() -> harness.routes.to("c", "coap", Settings.to("/in"), Harness.PATTERN))
                .hasMessageContaining("which listens");
    }
}
