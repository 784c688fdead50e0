// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A text that an expression language would obey")
class LiteralTextsTest {
    private static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);

    static List<String> texts() {
        return List.of(
                "${sys:user.home}",
                "${env:HOME}",
                "${bean:x}",
                "${header.site}",
                "$simple{sys:user.home}",
                "{{env:HOME}}",
                "{{sys:user.home}}",
                "{{bean:x}}",
                "#class:java.lang.Runtime",
                "#bean:x",
                "{client}",
                "{user.tenant}",
                "${name}");
    }

    @ParameterizedTest
    @MethodSource("texts")
    @DisplayName(
            "is that text at its target, whether it is a topic, a Client Identifier, a User Property or a payload [C4]")
    void literal(String text) {
        RecordingConnector connector = new RecordingConnector();
        // no Topic Name has a #
        String level = text.replace("#", "");
        Message message = new Message(
                IDS.next(),
                new TopicName("in/" + level),
                Payload.ofText(text),
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(null, null, text, null, null, List.of(new UserProperty("tenant", text))),
                new Origin.Device(new ClientId(text), text),
                0);
        try (Routes routes = Routes.create(IDS, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1")) {
            routes.open("end", connector, new RecordingConnector.None());
            Template template = Template.fromText("{site}|{client}|{user.tenant}|{username}");
            Sink sink = routes.to("r", "end", new RecordingConnector.To(template), TopicPattern.fromText("in/{site}"))
                    .sink();
            routes.start();

            sink.offer(message, outcome -> assertThat(outcome).isEqualTo(Delivery.accepted()));
        }

        assertThat(connector.seen).singleElement().satisfies(seen -> {
            assertThat(seen.headers()).isEqualTo(Map.of("site", String.join("|", level, text, text, text)));
            assertThat(seen.body()).isEqualTo(message.payload());
        });
    }
}
