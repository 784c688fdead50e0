// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("Logging")
class LoggingTest {
    private final PrintStream systemError = System.err;

    @AfterEach
    void restore() {
        System.setErr(systemError);
        Logging.use(LogFormat.TEXT, LogLevel.INFO);
    }

    @Test
    @DisplayName("as text puts key-value pairs at the end of one line, and takes control characters out")
    void text() {
        List<String> lines = logged(LogFormat.TEXT, LogLevel.INFO, () -> LoggerFactory.getLogger("io.gantry.x.Door")
                .atInfo()
                .addKeyValue("clientId", "a\nb\u001b[31m\u202e")
                .log("opened"));

        assertThat(lines).singleElement().asString().endsWith("INFO  Door - opened clientId=\"a?b?[31m?\"");
    }

    @Test
    @DisplayName("as JSON writes one object per line")
    void json() throws IOException {
        List<String> lines = logged(LogFormat.JSON, LogLevel.INFO, () -> LoggerFactory.getLogger("io.gantry.x.Door")
                .atWarn()
                .addKeyValue("clientId", "a\nb\"")
                .setCause(new IllegalStateException("stuck"))
                .log("opened {}", "half"));

        JsonNode line = new ObjectMapper().readTree(lines.get(0));
        assertThat(lines).hasSize(1);
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("formattedMessage").asText()).isEqualTo("opened half");
        assertThat(line.at("/kvpList/0/clientId").asText()).isEqualTo("a\nb\"");
        assertThat(line.at("/throwable/message").asText()).isEqualTo("stuck");
    }

    @Test
    @DisplayName("shows libraries from WARN on, and Gantry from the level that is set")
    void levels() {
        List<String> lines = logged(LogFormat.TEXT, LogLevel.DEBUG, () -> {
            LoggerFactory.getLogger("org.apache.kafka.X").info("noise");
            LoggerFactory.getLogger("org.apache.kafka.X").warn("lost");
            LoggerFactory.getLogger("io.gantry.X").debug("detail");
            LoggerFactory.getLogger("io.gantry.X").trace("too much");
        });

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).endsWith("WARN  X - lost");
        assertThat(lines.get(1)).endsWith("DEBUG X - detail");
    }

    @Test
    @DisplayName("does not repeat that a Kafka is away, unless details are wanted")
    void kafkaAway() {
        Runnable away = () -> LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient")
                .warn("could not be established");

        assertThat(logged(LogFormat.TEXT, LogLevel.INFO, away)).isEmpty();
        assertThat(logged(LogFormat.TEXT, LogLevel.DEBUG, away)).hasSize(1);
    }

    private static List<String> logged(LogFormat format, LogLevel level, Runnable logs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        Logging.use(format, level);
        logs.run();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
