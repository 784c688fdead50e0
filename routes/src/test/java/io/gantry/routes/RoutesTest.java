// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.NoDevices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Routes")
class RoutesTest {
    private static final TopicPattern PATTERN = TopicPattern.fromText("in/{site}");

    private final RecordingConnector connector = new RecordingConnector();
    private final Routes routes =
            Routes.create(Messages.IDS, (endpoint, state, detail) -> {}, new NoDevices(), "gateway1");

    @BeforeEach
    void openEndpoint() {
        routes.open("end", connector, new RecordingConnector.None());
    }

    @AfterEach
    void close() {
        routes.close();
    }

    private Sink toEnd(String template) {
        return routes.to("r", "end", new RecordingConnector.To(Template.fromText(template)), PATTERN)
                .sink();
    }

    @Test
    @DisplayName("a message goes through its Camel route to the endpoint and is accepted")
    void accepts() throws Exception {
        Sink sink = toEnd("{site}");
        routes.start();

        assertThat(deliver(sink, Messages.published("in/north", "1"))).isEqualTo(Delivery.accepted());
        assertThat(connector.seen).hasSize(1);
        assertThat(connector.seen.get(0).headers()).containsOnlyKeys("site").containsEntry("site", "north");
    }

    @Test
    @DisplayName("several targets of one route are Camel routes of their own")
    void severalTargets() throws Exception {
        Sink first = toEnd("{site}");
        Sink second = toEnd("{site}");
        routes.start();

        deliver(first, Messages.published("in/north", "1"));
        deliver(second, Messages.published("in/south", "2"));

        assertThat(connector.seen).hasSize(2);
    }

    @Test
    @DisplayName("a message the connector cannot make anything of is rejected with its reason")
    void rejects() throws Exception {
        Sink sink = toEnd("{username}");
        routes.start();

        assertThat(deliver(sink, Messages.published("in/north", "1")))
                .isEqualTo(new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "no site"));
        assertThat(connector.seen).isEmpty();
    }

    @Test
    @DisplayName("a message on which the route breaks before its producer is rejected, since it would break it again")
    void breaks() throws Exception {
        Sink sink = toEnd("{site}");
        routes.start();
        connector.breakage = new IllegalStateException("on this one");

        Delivery broken = deliver(sink, Messages.published("in/north", "1"));
        connector.breakage = null;

        assertThat(broken)
                .isEqualTo(new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "the route failed on this message"));
        assertThat(deliver(sink, Messages.published("in/north", "2"))).isEqualTo(Delivery.accepted());
    }

    @Test
    @DisplayName("a failure of the producer is what the connector says it is")
    void classifies() throws Exception {
        Sink sink = toEnd("{site}");
        routes.start();
        connector.failure = new IllegalStateException("broken");

        assertThat(deliver(sink, Messages.published("in/north", "1")))
                .isEqualTo(new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "broken"));
    }

    @Test
    @DisplayName("before the start and after the end messages are unavailable, not lost")
    void stopped() throws Exception {
        Sink sink = toEnd("{site}");

        Delivery before = deliver(sink, Messages.published("in/north", "1"));
        routes.start();
        routes.close();
        Delivery after = deliver(sink, Messages.published("in/north", "1"));

        assertThat(before).isInstanceOf(Delivery.Unavailable.class);
        assertThat(after).isInstanceOf(Delivery.Unavailable.class);
    }

    @Test
    @DisplayName("an endpoint is opened once, and only what is open can be named")
    void endpoints() {
        assertThat(routes.address("end")).isEqualTo("recording end");
        assertThatThrownBy(() -> routes.address("other")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> routes.open("end", connector, new RecordingConnector.None()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a thousand routes are built and started, and each delivers")
    void startsAThousand() throws Exception {
        List<Sink> sinks = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            sinks.add(routes.to("r" + i, "end", new RecordingConnector.To(Template.fromText("x")), PATTERN)
                    .sink());
        }

        routes.start();

        for (Sink sink : sinks) {
            assertThat(deliver(sink, Messages.published("in/north", "1"))).isEqualTo(Delivery.accepted());
        }
        assertThat(connector.seen).hasSize(1_000);
    }
}
