// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.answerOf;
import static io.gantry.connectors.coap.Harness.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Nobody names a Camel header, or an option of CoAP, by what they send")
class CoapHeaderInjectionIT {
    private static final List<String> OF_COAP = List.of(
            "CamelCoapMethod", "CamelCoapUri", "CamelCoapResponseCode", "CamelExecCommandExecutable", "Uri-Host");

    private static Set<String> names() {
        CamelCatalog catalog = new DefaultCamelCatalog();
        Set<String> names = new TreeSet<>(OF_COAP);
        for (String component : catalog.findComponentNames()) {
            catalog.componentModel(component).getEndpointHeaders().stream()
                    .map(BaseOptionModel::getName)
                    .forEach(names::add);
        }
        assertThat(names)
                .as("header names in the catalogue")
                .hasSizeGreaterThan(1_000)
                .contains("CamelCoapUri");
        return names;
    }

    /** A device puts the name wherever a device can put a text, and a place of its choice behind it. */
    private static Message message(String name, String elsewhere) {
        TopicName topic =
                new TopicName("in/" + name.replace('/', '_').replace('+', '_').replace('#', '_'));
        return new Message(
                Harness.IDS.next(),
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
                        List.of(new UserProperty(name, elsewhere), new UserProperty(name, "DELETE"))),
                new Origin.Device(new ClientId(name), name),
                System.currentTimeMillis());
    }

    @Test
    @DisplayName("towards a server: method, host, path and options are what the route says [C1, C3]")
    void toServer() {
        try (ScriptedServer right = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                ScriptedServer elsewhere = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                Harness harness = new Harness(Settings.url(right.url()))) {
            CoapTo to = Settings.to("/in/{site}", CoapMethod.POST, Map.of("u", "{user.CamelCoapUri}"), true, false);
            Sink sink = harness.start(to);

            Set<String> names = names();
            Map<String, CompletableFuture<Delivery>> outcomes = new HashMap<>();
            for (String name : names) {
                outcomes.put(name, offer(sink, message(name, elsewhere.url() + "/stolen")));
                // no more than may wait
                if (outcomes.size() % 500 == 0) {
                    outcomes.values().forEach(Harness::answerOf);
                }
            }
            outcomes.forEach(
                    (name, outcome) -> assertThat(answerOf(outcome)).as(name).isEqualTo(Delivery.accepted()));

            assertThat(elsewhere.requests).isEmpty();
            assertThat(right.requests).hasSize(names.size()).allSatisfy(CoapHeaderInjectionIT::isAsTheRouteSays);
        }
    }

    private static void isAsTheRouteSays(Request request) {
        assertThat(request.getCode()).isEqualTo(Code.POST);
        assertThat(request.getOptions().getUriPath()).hasSize(2).startsWith("in");
        assertThat(request.getOptions().getUriQuery()).hasSizeLessThanOrEqualTo(1);
        assertThat(request.getOptions().hasUriHost()).isFalse();
        assertThat(request.getOptions().hasProxyUri()).isFalse();
        assertThat(request.getOptions().getOthers())
                .allSatisfy(option -> assertThat(option.getNumber()).isEqualTo(MessageOptions.NUMBER))
                .extracting(option -> new String(option.getValue(), StandardCharsets.US_ASCII))
                .allMatch(text -> text.startsWith("mqtt-") || text.startsWith("gantry-hops="));
    }

    @Test
    @DisplayName("from callers: no part of a path, a query or an option is a header or a property of an exchange"
            + " [CVE-2026-33453]")
    void fromCallers() throws Exception {
        int port = Harness.freePort();
        Set<String> headers = ConcurrentHashMap.newKeySet();
        Set<String> properties = ConcurrentHashMap.newKeySet();
        try (DefaultCamelContext camel = new DefaultCamelContext();
                ConnectedEndpoint<CoapFrom, CoapTo> listening = listening(camel, port);
                Caller caller = new Caller(port)) {
            CamelSource source = listening.source("r", Settings.from("in/{device}"), Harness.IDS);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(source.endpoint()).process(exchange -> {
                        headers.addAll(exchange.getMessage().getHeaders().keySet());
                        properties.addAll(exchange.getProperties().keySet());
                        exchange.getMessage().setBody(Delivery.accepted());
                    });
                }
            });
            camel.start();
            listening.startListening();

            for (String name : names()) {
                Request request = new Request(Code.POST);
                request.getOptions().addUriPath("in").addUriPath(name);
                request.getOptions().addUriQuery(name + "=exec:id");
                request.getOptions().addOption(Caller.option(name + "=exec:id"));

                assertThat(caller.call(request).getCode()).as(name).isEqualTo(ResponseCode.CHANGED);
            }

            assertThat(headers).isEmpty();
            assertThat(properties).isEmpty();
        }
    }

    private static ConnectedEndpoint<CoapFrom, CoapTo> listening(CamelContext camel, int port) {
        EndpointContext context = new EndpointContext(
                "coap", camel, (endpoint, state, detail) -> {}, new Devices(), "gateway1", Harness.IDS);
        return new CoapConnector()
                .open(context, Settings.listen("127.0.0.1:" + port).endpoint());
    }
}
