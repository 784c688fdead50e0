// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
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
import io.gantry.routes.CamelEndpointSettings;
import io.gantry.routes.CamelTo;
import io.gantry.routes.CamelUriConnector;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("No device names a header of camel-http, or of HTTP")
class HttpHeaderInjectionIT {
    private static final List<String> OF_HTTP = List.of(
            "Host", "Content-Length", "Transfer-Encoding", "Authorization", "Cookie", "Connection", "Idempotency-Key");

    static Set<String> names() {
        CamelCatalog catalog = new DefaultCamelCatalog();
        Set<String> names = new TreeSet<>(OF_HTTP);
        for (String component : catalog.findComponentNames()) {
            catalog.componentModel(component).getEndpointHeaders().stream()
                    .map(BaseOptionModel::getName)
                    .forEach(names::add);
        }
        assertThat(names)
                .as("header names in the catalogue")
                .hasSizeGreaterThan(1_000)
                .contains("CamelHttpUri");
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
                0);
    }

    @Test
    @DisplayName("every header name of the catalogue leaves the request as the route says, through the connector and"
            + " through a plain camel-http URI")
    void staysWithTheRoute() {
        try (ScriptedServer right = ScriptedServer.start(ScriptedServer.status(200));
                ScriptedServer plain = ScriptedServer.start(ScriptedServer.status(200));
                ScriptedServer elsewhere = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(right.url()))) {
            harness.routes.open("camel", new CamelUriConnector(), CamelEndpointSettings.plain());
            Sink uri = harness.routes
                    .to("plain", "camel", new CamelTo(plain.url() + "/plain"), Harness.PATTERN)
                    .sink();
            Sink connector = harness.start(
                    Settings.to("/in/{site}", Map.of(), Map.of("X-Site", "{site}", "X-User", "{user.CamelHttpUri}")));

            Set<String> names = names();
            for (String name : names) {
                for (String spelling : List.of(name, name.toLowerCase(Locale.ROOT))) {
                    Message message = message(spelling, elsewhere.url() + "/stolen");
                    assertThat(deliver(connector, message)).as(spelling).isEqualTo(Delivery.accepted());
                    assertThat(deliver(uri, message)).as(spelling).isEqualTo(Delivery.accepted());
                }
            }

            assertThat(elsewhere.requests).isEmpty();
            assertThat(right.requests).hasSize(2 * names.size()).allSatisfy(HttpHeaderInjectionIT::isAsTheRouteSays);
            assertThat(plain.requests).hasSize(2 * names.size()).allSatisfy(request -> assertThat(request.line())
                    .isEqualTo("POST /plain HTTP/1.1"));
        }
    }

    static void isAsTheRouteSays(ScriptedServer.Request request) {
        String site = request.header("X-Site").orElseThrow();
        assertThat(request.line()).isEqualTo("POST /in/" + UrlText.encode(site) + " HTTP/1.1");
        assertThat(request.headers())
                .extracting(header -> header.substring(0, header.indexOf(':')))
                .filteredOn(name -> !name.equals("X-User"))
                .containsExactlyInAnyOrder(
                        "X-Site",
                        "Idempotency-Key",
                        "Content-Type",
                        "Content-Length",
                        "Host",
                        "Connection",
                        "User-Agent");
        assertThat(request.header("User-Agent")).contains("gantry");
        assertThat(request.header("Connection")).contains("keep-alive");
    }
}
