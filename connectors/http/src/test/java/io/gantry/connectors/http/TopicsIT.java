// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A caller that is a device itself")
class TopicsIT {
    private static Listening web;

    @BeforeAll
    static void start() {
        web = new Listening(Listening.devices()).start();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @BeforeEach
    void forget() {
        web.published.clear();
        web.outcome = message -> Delivery.accepted();
    }

    @Test
    @DisplayName("publishes by POST or PUT, with what its query says, as the device of the listener")
    void publishes() throws Exception {
        assertThat(web.post("/topics/sensors/hall%201/t", "21", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(202);
        assertThat(Listening.send(
                                web.to("/topics/s?qos=2&retain=true&expiry=60").PUT(BodyPublishers.ofString("x")))
                        .statusCode())
                .isEqualTo(202);
        assertThat(web.post("/topics/s?qos=0&retain=false", "").statusCode()).isEqualTo(202);

        Message first = web.published.get(0);
        assertThat(first.topic().value()).isEqualTo("sensors/hall 1/t");
        assertThat(first.payload().asText()).isEqualTo("21");
        assertThat(first.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(first.retain()).isFalse();
        assertThat(first.properties())
                .isEqualTo(new MessageProperties(null, null, "text/plain", null, null, List.of()));
        assertThat(first.origin()).isEqualTo(new Origin.Device(new ClientId("http-web"), null));
        Message second = web.published.get(1);
        assertThat(second.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(second.retain()).isTrue();
        assertThat(second.properties().expirySeconds()).isEqualTo(60);
        assertThat(web.published.get(2).qos()).isEqualTo(Qos.AT_MOST_ONCE);
    }

    @Test
    @DisplayName("has the user name it proves to be, and none when it shows the token")
    void username() throws Exception {
        try (Listening both = new Listening(
                        Listening.listen("127.0.0.1:0", "plant", "p", "t", false, "/topics", Listening.LIMITS))
                .start()) {
            assertThat(both.post("/topics/a", "", "Authorization", "Basic cGxhbnQ6cA==")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(both.post("/topics/a", "", "Authorization", "Bearer t").statusCode())
                    .isEqualTo(202);

            assertThat(both.published)
                    .extracting(Message::origin)
                    .containsExactly(
                            new Origin.Device(new ClientId("http-web"), "plant"),
                            new Origin.Device(new ClientId("http-web"), null));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/topics, 404",
        "/topics/a+b, 400",
        "/topics/a%23, 400",
        "/topics/a%00, 400",
        "/topics/a/%2e%2e/b, 400",
        "/topics/, 400",
        "/topics/a?qos=3, 400",
        "/topics/a?qos=, 400",
        "/topics/a?qos=1&qos=2, 400",
        "/topics/a?retain=yes, 400",
        "/topics/a?expiry=-1, 400",
        "/topics/a?user=x, 400",
        "/topicss/a, 404"
    })
    @DisplayName("[C19] is told what is no Topic Name and no wish")
    void refused(String target, int status) throws Exception {
        assertThat(web.post(target, "x").statusCode()).isEqualTo(status);
        assertThat(web.published).isEmpty();
    }

    @Test
    @DisplayName("is answered as the message is refused")
    void outcome() throws Exception {
        web.outcome = message -> new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "no");
        assertThat(web.post("/topics/a", "x").statusCode()).isEqualTo(403);
        web.outcome = message -> new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full");
        assertThat(web.post("/topics/a", "x").headers().firstValue("Retry-After"))
                .contains("1");
    }

    @Test
    @DisplayName("reads the Retained Message of a Topic Name by GET, and its size by HEAD")
    void reads() throws Exception {
        web.post("/topics/a/b", "21", "Content-Type", "text/plain");
        TopicName topic = new TopicName("a/b");
        web.retained.put(topic, web.published.get(0));

        HttpResponse<String> read = Listening.send(web.to("/topics/a/b").GET());
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("21");
        assertThat(read.headers().firstValue("Content-Type")).contains("text/plain");
        HttpResponse<String> head = Listening.send(web.to("/topics/a/b").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("2");
        assertThat(head.body()).isEmpty();
        assertThat(Listening.send(web.to("/topics/a/c").GET()).statusCode()).isEqualTo(404);
        assertThat(Listening.send(web.to("/topics/a/b").DELETE()).statusCode()).isEqualTo(405);
    }
}
