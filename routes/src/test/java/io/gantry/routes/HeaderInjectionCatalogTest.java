// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.NoDevices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("No device and no record names a Camel header")
class HeaderInjectionCatalogTest {
    private static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);
    private static final TopicPattern PATTERN = TopicPattern.fromText("in/{site}");
    private static final String EVIL = "http://169.254.169.254/${sys:user.home}{{env:HOME}}";

    private static Set<String> names;

    @BeforeAll
    static void readTheCatalogue() {
        names = ControlHeaders.names();
        assertThat(names).as("header names in the catalogue").hasSizeGreaterThan(1_000);
    }

    /** A device puts the name wherever a device can put a text. */
    private static Message fromDevice(String name) {
        TopicName topic = TopicName.parse("in/" + name.replace('/', '_')).orElse(new TopicName("in/x"));
        return new Message(
                IDS.next(),
                topic,
                Payload.ofText(name),
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(
                        null,
                        null,
                        name,
                        topic,
                        Payload.ofText(name),
                        List.of(new UserProperty(name, EVIL), new UserProperty(name, EVIL))),
                new Origin.Device(new ClientId(name), name),
                0);
    }

    /** A record of another system puts it into its key and headers. */
    private static Message fromRecord(String name) {
        return new Message(
                IDS.next(),
                new TopicName("in/record"),
                Payload.ofText(EVIL),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Endpoint(
                        "plant", name, List.of(new UserProperty(name, EVIL), new UserProperty("site", name))),
                0);
    }

    @Test
    @DisplayName(
            "every header name of the catalogue, in every spelling and place, leaves the producer's exchange as the"
                    + " route says")
    void wholeRoute() {
        RecordingConnector connector = new RecordingConnector();
        List<Message> messages = new ArrayList<>();
        for (String name : names) {
            for (String spelling : ControlHeaders.spellings(name)) {
                messages.add(fromDevice(spelling));
                messages.add(fromRecord(spelling));
            }
        }
        List<Delivery> outcomes = new ArrayList<>();
        try (Routes routes = Routes.create(IDS, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1")) {
            routes.open("end", connector, new RecordingConnector.None());
            Sink sink = routes.to("r", "end", new RecordingConnector.To(Template.fromText("{site}")), PATTERN)
                    .sink();
            routes.start();

            messages.forEach(message -> sink.offer(message, outcomes::add));
        }

        assertThat(outcomes).hasSameSizeAs(messages).containsOnly(Delivery.accepted());
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            RecordingConnector.Seen seen = connector.seen.get(i);
            assertThat(seen.headers())
                    .isEqualTo(Map.of("site", message.topic().value().substring(3)));
            assertThat(seen.body()).isEqualTo(message.payload());
            assertThat(seen.endpoint().getEndpointUri()).isEqualTo("recording:end");
        }
    }

    @Test
    @DisplayName("a route step that makes headers of user properties does not get them past the gate")
    void theGateHolds() throws Exception {
        List<Map<String, Object>> headers = headersBehind(HeaderGate::close);

        assertThat(headers).hasSize(names.size()).containsOnly(Map.of("site", "x"));
    }

    @Test
    @DisplayName("the same step without the gate does: so the test above would notice a missing gate")
    void withoutTheGate() throws Exception {
        List<Map<String, Object>> headers = headersBehind(exchange -> {});

        assertThat(headers).hasSize(names.size()).doesNotContain(Map.of("site", "x"));
    }

    /** What the producer sees of a message for each name, in a route with a careless step before the gate. */
    private static List<Map<String, Object>> headersBehind(Processor gate) throws Exception {
        RecordingConnector connector = new RecordingConnector();
        try (CamelContext camel = QuietCamel.create()) {
            RecordingConnector.RecordingSink target =
                    connector.new RecordingSink(camel, new RecordingConnector.To(Template.fromText("x")));
            RouteEntry entry = new RouteEntry("careless", camel);
            Processor careless = exchange -> {
                careless(exchange);
                gate.process(exchange);
            };
            camel.addRoutes(new TargetRoute(entry, List.of(), careless, target, PATTERN));
            camel.start();
            Sink sink = new CamelRouteSink(entry, target, null);
            names.forEach(name -> sink.offer(fromDevice(name), Acknowledgement.NOBODY));
        }
        return connector.seen.stream().map(RecordingConnector.Seen::headers).toList();
    }

    private static void careless(Exchange exchange) {
        RouteEntry.messageOf(exchange).properties().userProperties().forEach(property -> exchange.getMessage()
                .setHeader(property.name(), property.value()));
    }
}
