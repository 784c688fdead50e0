// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gantry.api.Payload;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("Dead letters on the admin port")
class DeadLettersOverHttpTest {
    private static final long NOON = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    private AdminPort port;

    @BeforeEach
    void open() throws Exception {
        port = new AdminPort();
        for (int i = 0; i < 3; i++) {
            port.gateway.deadLetters.add(
                    "telemetry/plant",
                    "device-" + i,
                    "a/b",
                    Payload.ofText("{\"n\": 1}"),
                    "too large",
                    NOON + i * MINUTE);
        }
        port.gateway.deadLetters.add(
                "orders", "évil\u001b[2J", "o/\u00e9", Payload.owning(new byte[] {1, (byte) 0xFF}), "400", NOON);
    }

    @AfterEach
    void close() throws Exception {
        port.close();
    }

    @Test
    @DisplayName("are listed with everything but the payload")
    void listed() throws Exception {
        JsonObject page = port.json("/api/v1/dead-letters");

        List<JsonObject> letters = GatewayStatus.objects(page.getJsonArray("deadLetters"));
        assertThat(letters).hasSize(4);
        assertThat(letters.get(0).fieldNames()).doesNotContain("payload");
        assertThat(DeadLetterSummary.from(letters.get(0)))
                .isEqualTo(new DeadLetterSummary(
                        1,
                        "telemetry/plant",
                        "10-1",
                        "a/b",
                        "device-0",
                        1,
                        Instant.ofEpochMilli(NOON - 1_000),
                        Instant.ofEpochMilli(NOON),
                        3,
                        "too large",
                        8));
        assertThat(page.getLong("next")).isNull();
        assertThat(page.getLong("messages")).isEqualTo(4);
    }

    @Test
    @DisplayName("come page by page")
    void pages() throws Exception {
        JsonObject first = port.json("/api/v1/dead-letters?limit=3");
        JsonObject second = port.json("/api/v1/dead-letters?limit=3&after=" + first.getLong("next"));

        assertThat(numbers(first)).containsExactly(1L, 2L, 3L);
        assertThat(numbers(second)).containsExactly(4L);
        assertThat(second.getLong("next")).isNull();
    }

    @Test
    @DisplayName("come in smaller pages when their topics are long")
    void largePages() throws Exception {
        for (int i = 0; i < 60; i++) {
            port.gateway.deadLetters.add("long", "d", "t".repeat(60_000), Payload.EMPTY, "e", NOON);
        }

        JsonObject page = port.json("/api/v1/dead-letters?limit=1000&route=long");

        assertThat(numbers(page)).hasSizeBetween(1, 59);
        assertThat(page.getLong("next")).isNotNull();
    }

    @Test
    @DisplayName("are selected by route, target, id and time")
    void selected() throws Exception {
        assertThat(numbers(port.json("/api/v1/dead-letters?route=telemetry"))).containsExactly(1L, 2L, 3L);
        assertThat(numbers(port.json("/api/v1/dead-letters?route=telemetry/plant")))
                .hasSize(3);
        assertThat(numbers(port.json("/api/v1/dead-letters?id=10-2"))).containsExactly(2L);
        assertThat(numbers(port.json("/api/v1/dead-letters?from=2026-11-21T12:01:00Z&to=2026-11-21T12:02:00Z")))
                .containsExactly(2L);
        assertThat(numbers(port.json("/api/v1/dead-letters?from=2026-11-21T13:01:00%2B01:00")))
                .containsExactly(2L, 3L);
    }

    @Test
    @DisplayName("are shown with properties and payload, as text or, when it is not UTF-8, in Base64")
    void shown() throws Exception {
        DeadLetterContent text = DeadLetterContent.from(port.json("/api/v1/dead-letters/1"));
        DeadLetterContent binary = DeadLetterContent.from(port.json("/api/v1/dead-letters/4"));

        assertThat(text.payload()).isEqualTo("{\"n\": 1}");
        assertThat(text.isText()).isTrue();
        assertThat(text.properties())
                .containsEntry("Content Type", "text/plain")
                .containsEntry("Message Expiry Interval", "60")
                .containsEntry("Correlation Data", "Yw==");
        assertThat(text.userProperties()).hasSize(1);
        assertThat(binary.payload()).isEqualTo("Af8=");
        assertThat(binary.isText()).isFalse();
        assertThat(binary.letter().from()).isEqualTo("évil\u001b[2J");
        assertThat(port.get("/api/v1/dead-letters/99").statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("are shown with the first part of a large payload")
    void cut() throws Exception {
        port.gateway.deadLetters.add("big", "d", "t", Payload.owning(new byte[DeadLetterContent.SHOWN + 1]), "e", NOON);

        DeadLetterContent content = DeadLetterContent.from(port.json("/api/v1/dead-letters/5"));

        assertThat(content.isCut()).isTrue();
        assertThat(content.letter().size()).isEqualTo(DeadLetterContent.SHOWN + 1);
        assertThat(content.payload()).hasSize((DeadLetterContent.SHOWN + 2) / 3 * 4);
    }

    @Test
    @DisplayName("are replayed and dropped as selected; a dry run only counts; what is left is told with its reason")
    void changed() throws Exception {
        port.gateway.deadLetters.add("unknown", "d", "t", Payload.EMPTY, "e", NOON);

        HttpResponse<String> dry = port.post("/api/v1/dead-letters/replay", "{\"all\": true, \"dryRun\": true}");
        long afterDry = port.gateway.deadLetters.messages();
        HttpResponse<String> replay = port.post("/api/v1/dead-letters/replay", "{\"all\": true}");
        HttpResponse<String> drop = port.post("/api/v1/dead-letters/drop", "{\"route\": \"unknown\"}");

        assertThat(new JsonObject(dry.body()))
                .isEqualTo(new JsonObject("{\"done\": 4, \"left\": {\"no such route\": 1}, \"dryRun\": true}"));
        assertThat(afterDry).isEqualTo(5);
        assertThat(new JsonObject(replay.body()).getLong("done")).isEqualTo(4);
        assertThat(new JsonObject(drop.body()).getLong("done")).isEqualTo(1);
        assertThat(port.gateway.deadLetters.messages()).isZero();
    }

    @Test
    @DisplayName("leave one line in the log for every change, with what was asked and what was done")
    void logged() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(DeadLetterResources.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Level before = logger.getLevel();
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        try {
            port.get("/api/v1/dead-letters");
            port.post("/api/v1/dead-letters/drop", "{\"route\": \"orders\"}");
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }

        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getMessage()).isEqualTo("dead letters dropped");
        assertThat(lines.list.get(0).getKeyValuePairs().toString()).contains("orders", "done=\"1\"");
    }

    @DisplayName("are not changed by a request that is wrong")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{",
                "{\"all\": false}",
                "{\"dryRun\": true}",
                "{\"all\": \"yes\"}",
                "{\"all\": true, \"route\": \"orders\"}",
                "{\"rout\": \"orders\"}",
                "{\"route\": 5}",
                "{\"route\": \"\"}",
                "{\"route\": \"a b\"}",
                "{\"route\": \"a\\nb\"}",
                "{\"from\": \"yesterday\"}",
                "{\"from\": \"+999999999-12-31T23:59:59Z\"}"
            })
    void wrong(String body) throws Exception {
        for (String change : List.of("replay", "drop")) {
            HttpResponse<String> answer = port.post("/api/v1/dead-letters/" + change, body);

            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(new JsonObject(answer.body()).getString("error")).isNotBlank();
            assertThat(answer.body()).doesNotContain("Exception", "io.gantry");
        }
        assertThat(port.gateway.deadLetters.messages()).isEqualTo(4);
    }

    @DisplayName("are not listed for a query that is wrong")
    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "after=-1", "from=x", "rute=a", "route=a%20b"})
    void wrongQuery(String query) throws Exception {
        assertThat(port.get("/api/v1/dead-letters?" + query).statusCode()).isEqualTo(400);
    }

    private static List<Long> numbers(JsonObject page) {
        return GatewayStatus.objects(page.getJsonArray("deadLetters")).stream()
                .map(letter -> letter.getLong("number"))
                .toList();
    }
}
