// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.NoDevices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Any Camel component by its URI")
class CamelUriConnectorTest {
    private static final TopicPattern PATTERN = TopicPattern.fromText("in/#");

    private final Routes routes =
            Routes.create(Messages.IDS, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1");

    @BeforeEach
    void open() {
        routes.open("camel", new CamelUriConnector(), CamelEndpointSettings.plain());
    }

    @AfterEach
    void close() {
        routes.close();
    }

    @Test
    @DisplayName("the payload goes out and comes in, and the sender waits for the outcome")
    void bothWays() throws Exception {
        Answers devices = new Answers(Delivery.accepted());
        routes.from("inbox", "camel", new CamelFrom("direct:x"), devices);
        Sink sink =
                routes.to("outbox", "camel", new CamelTo("direct:x"), PATTERN).sink();
        routes.start();
        routes.startSources();

        Delivery delivery = deliver(sink, Messages.published("in/a", "hello"));

        assertThat(delivery).isEqualTo(Delivery.accepted());
        Message received = devices.offered.get(0);
        assertThat(received.topic().value()).isEqualTo("inbox");
        assertThat(received.payload().asText()).isEqualTo("hello");
    }

    @Test
    @DisplayName("what is rejected or unavailable behind fails the exchange")
    void failsTheExchange() throws Exception {
        routes.from(
                "inbox",
                "camel",
                new CamelFrom("direct:x"),
                new Answers(new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "no")));
        Sink sink =
                routes.to("outbox", "camel", new CamelTo("direct:x"), PATTERN).sink();
        routes.start();
        routes.startSources();

        assertThat(deliver(sink, Messages.published("in/a", "hello"))).isInstanceOf(Delivery.Unavailable.class);
    }

    @Test
    @DisplayName("nothing in a topic or payload is evaluated by Camel")
    void nothingIsEvaluated(@TempDir Path directory) throws Exception {
        Sink sink = routes.to("files", "camel", new CamelTo("file:" + directory + "/out"), PATTERN)
                .sink();
        routes.start();

        deliver(sink, Messages.published("in/${sys:user.home}/{{env:HOME}}", "${sys:user.home} {{env:HOME}}"));

        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            assertThat(files.toList()).singleElement().satisfies(file -> assertThat(file)
                    .hasContent("${sys:user.home} {{env:HOME}}"));
        }
    }

    @Test
    @DisplayName("files of a directory become messages")
    void readsFiles(@TempDir Path directory) throws Exception {
        Answers devices = new Answers(Delivery.accepted());
        routes.from("inbox", "camel", new CamelFrom("file:" + directory + "?initialDelay=0&delay=50"), devices);
        Files.writeString(directory.resolve("a.txt"), "from a file");
        routes.start();
        routes.startSources();

        await().atMost(Duration.ofMinutes(2)).until(() -> !devices.offered.isEmpty());
        assertThat(devices.offered.get(0).payload().asText()).isEqualTo("from a file");
    }

    @Test
    @DisplayName(
            "a component that is not there, or a URI it does not understand, is an error without the URI's secrets")
    void unknownComponents() {
        assertThatThrownBy(() -> routes.to("r", "camel", new CamelTo("nosuch:x?password=secret"), PATTERN))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
                    assertThat(refused.key()).contains("uri");
                    assertThat(refused).hasMessageContaining("'nosuch'").hasMessageNotContaining("secret");
                });
        assertThatThrownBy(() -> routes.to("r", "camel", new CamelTo("file:x?nosuch=secret"), PATTERN))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThatThrownBy(() -> routes.to("r", "camel", new CamelTo("no scheme"), PATTERN))
                .isInstanceOf(InvalidSettingException.class);
    }

    @Test
    @DisplayName("a component that Camel has, and Gantry has not, is named with what brings it")
    void namesWhatBringsIt() {
        assertThatThrownBy(() -> routes.to("r", "camel", new CamelTo("ftp:host?password=secret"), PATTERN))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("put org.apache.camel:camel-ftp:4.17.0 and what it needs into lib")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() ->
                        routes.from("r", "camel", new CamelFrom("telegram:bots"), new Answers(Delivery.accepted())))
                .hasMessageContaining("org.apache.camel:camel-telegram:");
    }

    @Test
    @DisplayName("a message comes back with everything MQTT said about it")
    void roundTrip() throws Exception {
        Answers devices = new Answers(Delivery.accepted());
        routes.from("inbox", "camel", new CamelFrom("seda:x", true, true, Map.of("site", "x-site")), devices);
        Sink sink = routes.to(
                        "outbox",
                        "camel",
                        new CamelTo("seda:x", null, Map.of("x-site", Template.fromText("north")), true, true),
                        PATTERN)
                .sink();
        routes.start();
        routes.startSources();
        Message sent = Messages.published(
                "in/a",
                "hello",
                new MessageProperties(
                        PayloadFormat.TEXT,
                        60L,
                        "text/plain",
                        new TopicName("in/answer"),
                        Payload.ofText("7"),
                        List.of(new UserProperty("b", "1"), new UserProperty("a", "2"), new UserProperty("b", "3"))));

        assertThat(deliver(sink, sent)).isEqualTo(Delivery.accepted());

        await().atMost(Duration.ofMinutes(2)).until(() -> !devices.offered.isEmpty());
        Message came = devices.offered.get(0);
        assertThat(came.topic()).isEqualTo(sent.topic());
        assertThat(came.payload()).isEqualTo(sent.payload());
        assertThat(came.qos()).isEqualTo(sent.qos());
        assertThat(came.retain()).isEqualTo(sent.retain());
        List<UserProperty> expected = new ArrayList<>(sent.properties().userProperties());
        expected.add(new UserProperty("site", "north"));
        assertThat(came.properties().withExpirySeconds(null))
                .isEqualTo(sent.properties().replacingUserProperties(expected).withExpirySeconds(null));
    }

    @Test
    @DisplayName("headers that are not believed are values for templates, and nothing else")
    void notBelieved() throws Exception {
        Answers devices = new Answers(Delivery.accepted());
        routes.from("inbox", "camel", new CamelFrom("direct:x"), devices);
        Sink sink = routes.to("outbox", "camel", new CamelTo("direct:x", null, Map.of(), true, false), PATTERN)
                .sink();
        routes.start();
        routes.startSources();

        deliver(sink, Messages.published("in/a", "hello"));

        Message came = devices.offered.get(0);
        assertThat(came.topic().value()).isEqualTo("inbox");
        assertThat(came.properties()).isEqualTo(MessageProperties.NONE);
        assertThat(((Origin.Endpoint) came.origin()).headers()).contains(new UserProperty("mqtt-topic", "in/a"));
    }

    @Test
    @DisplayName("[R11] a value with a line break never becomes a header")
    void lineBreaks() throws Exception {
        Sink sink = routes.to(
                        "outbox",
                        "camel",
                        new CamelTo("log:x", null, Map.of("x-a", Template.fromText("{user.a}")), false, false),
                        PATTERN)
                .sink();
        routes.start();

        Delivery outcome = deliver(
                sink,
                Messages.published(
                        "in/a",
                        "hello",
                        MessageProperties.NONE.replacingUserProperties(
                                List.of(new UserProperty("a", "x\r\nCamelHttpUri: http://other")))));

        assertThat(outcome).isInstanceOf(Delivery.Rejected.class);
    }
}
