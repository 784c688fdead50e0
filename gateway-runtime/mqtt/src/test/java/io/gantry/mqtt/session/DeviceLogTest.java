// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gantry.api.ReasonCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The log of what devices did wrong")
class DeviceLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(DeviceLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    @Test
    @DisplayName("has so many lines a second, however many are asked for, and new ones in the next")
    void rate() {
        LineRate rate = new LineRate(2);
        long second = 1_000_000_000L;

        assertThat(rate.hasRoom(5 * second)).isTrue();
        assertThat(rate.hasRoom(5 * second + 1)).isTrue();
        for (int i = 0; i < 100_000; i++) {
            assertThat(rate.hasRoom(6 * second - 1)).isFalse();
        }
        assertThat(rate.hasRoom(6 * second)).isTrue();
    }

    @Test
    @DisplayName("shows where a fault of our own happened")
    void fault() {
        while (lines.list.isEmpty()) {
            DeviceLog.fault(null, new IllegalStateException("here"));
        }

        assertThat(lines.list.get(0).getThrowableProxy().getMessage()).isEqualTo("here");
    }

    @Test
    @DisplayName("shows no control or direction character of a device, and no more than 256 characters")
    void printable() {
        String nasty = "a\nb\u001b[31m\u202e" + "x".repeat(1_000);
        while (lines.list.isEmpty()) {
            DeviceLog.closed(null, nasty, ReasonCode.PROTOCOL_ERROR, nasty);
        }

        ILoggingEvent line = lines.list.get(0);
        assertThat(line.getKeyValuePairs().toString())
                .contains("a\\u000ab\\u001b[31m\\u202e")
                .doesNotContain("\n", "\u001b", "\u202e", "x".repeat(256));
        assertThat(line.getKeyValuePairs())
                .extracting(pair -> pair.key)
                .containsExactly("clientId", "peer", "reasonCode", "detail");
    }
}
