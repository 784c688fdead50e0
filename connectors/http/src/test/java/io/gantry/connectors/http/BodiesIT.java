// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.MessageHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a request carries")
class BodiesIT {
    private static final List<UserProperty> USER =
            List.of(new UserProperty("b", "1"), new UserProperty("a", "ä & = X-Evil: 1"), new UserProperty("b", ""));

    @Test
    @DisplayName("is compressed where the route says so, but for an empty body")
    void gzip() throws IOException {
        Settings.ToDraft draft = new Settings.ToDraft("/in");
        draft.compression = HttpTo.Compression.GZIP;
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(draft.settings());
            String text = "21.5 ".repeat(10_000);

            assertThat(deliver(sink, message("a", MessageProperties.NONE, Payload.ofText(text))))
                    .isEqualTo(Delivery.accepted());
            assertThat(deliver(sink, message("a", MessageProperties.NONE, Payload.EMPTY)))
                    .isEqualTo(Delivery.accepted());

            ScriptedServer.Request packed = server.requests.remove();
            assertThat(packed.header("Content-Encoding")).contains("gzip");
            assertThat(packed.body()).hasSizeLessThan(1_000);
            assertThat(new GZIPInputStream(
                                    new ByteArrayInputStream(packed.body().getBytes(ISO_8859_1)))
                            .readAllBytes())
                    .isEqualTo(text.getBytes(UTF_8));
            assertThat(server.requests.element().header("Content-Encoding")).isEmpty();
        }
    }

    @Test
    @DisplayName("has everything that MQTT says in headers where the route says so; a listener can read all of it back")
    void properties() throws Exception {
        Settings.ToDraft draft = new Settings.ToDraft("/in");
        draft.properties = true;
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(draft.settings());
            MessageProperties all = new MessageProperties(
                    PayloadFormat.TEXT,
                    0xFFFF_FFFFL,
                    "text/plain; x=\"ä\"",
                    new TopicName("answers/ä/%41 b"),
                    Payload.owning(new byte[] {0, 13, 10, -1}),
                    USER);
            Message message = message("hall ä", all, Payload.ofText("x"));

            assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());

            ScriptedServer.Request request = server.requests.element();
            assertThat(request.header("X-Evil")).isEmpty();
            assertThat(request.headers()).allMatch(header -> header.chars().allMatch(c -> c >= ' ' && c < 0x7F));
            MessageHeaders.Carried back = MessageHeaders.read(true, java.util.Map.of(), name -> request.header(name)
                    .map(AsciiText::decode)
                    .orElse(null));
            assertThat(back.topic()).isEqualTo(message.topic());
            assertThat(back.qos()).isEqualTo(message.qos());
            assertThat(back.retain()).isFalse();
            assertThat(back.properties().payloadFormat()).isEqualTo(PayloadFormat.TEXT);
            assertThat(back.properties().contentType()).isEqualTo(all.contentType());
            assertThat(back.properties().responseTopic()).isEqualTo(all.responseTopic());
            assertThat(back.properties().correlationData()).isEqualTo(all.correlationData());
            assertThat(back.properties().userProperties())
                    .startsWith(USER.toArray(new UserProperty[0]))
                    .hasSize(USER.size() + 1)
                    .endsWith(new UserProperty(Hops.NAME, "gateway1"));
            assertThat(back.properties().expirySeconds()).isLessThan(0xFFFF_FFFFL);
            assertThat(request.header(MessageHeaders.CLIENT_ID)).contains("device-1");
        }
    }

    @Test
    @DisplayName("has the mark of gateways always, and nothing else of MQTT unless the route says so")
    void hops() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            MessageProperties marked = new MessageProperties(
                    null, null, null, null, null, List.of(new UserProperty(Hops.NAME, "gateway7\r\nX: y")));

            assertThat(deliver(sink, message("a", marked, Payload.EMPTY))).isEqualTo(Delivery.accepted());

            assertThat(server.requests.element().header(Hops.NAME).orElse("")).startsWith("gateway7%0D%0AX:%20y");
            assertThat(server.requests.element().headers())
                    .noneMatch(
                            header -> header.toLowerCase(java.util.Locale.ROOT).startsWith("mqtt-"));
        }
    }

    @Test
    @DisplayName("must fit into headers: a property that is too long rejects the message")
    void tooLong() {
        Settings.ToDraft draft = new Settings.ToDraft("/in");
        draft.properties = true;
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            MessageProperties large = new MessageProperties(
                    null, null, null, null, null, List.of(new UserProperty("k", "ä".repeat(4_000))));

            assertThat(deliver(harness.start(draft.settings()), message("a", large, Payload.EMPTY)))
                    .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                            .isEqualTo(ReasonCode.PACKET_TOO_LARGE));
            assertThat(server.requests).isEmpty();
        }
    }
}
