// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The demo's screen")
class ScreenTest {
    private static final String ESCAPE = "\u001b";

    private final StringWriter text = new StringWriter();
    private final Tally tally = new Tally(1);

    @Test
    @DisplayName("without a terminal it prints one plain line each time, with the rate since the last one")
    void plainLines() {
        Screen screen = new Screen(new PrintWriter(text), false);

        send(100);
        screen.show(tally, 1);
        send(50);
        screen.show(tally, 2);

        assertThat(text.toString()).doesNotContain(ESCAPE);
        assertThat(text.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first).contains("sent 100 (100/s)", "acknowledged 100", "commands 0 of 0"),
                        second -> assertThat(second).contains("sent 150 (50/s)", "acknowledged 150"));
    }

    @Test
    @DisplayName("in a terminal it draws the table over itself, each line cleared first")
    void redraws() {
        Screen screen = new Screen(new PrintWriter(text), true);

        screen.show(tally, 0.5);
        long height = text.toString().lines().count();
        screen.show(tally, 1);

        assertThat(text.toString().lines().count()).isEqualTo(2 * height);
        assertThat(text.toString()).contains(ESCAPE + "[" + height + "A");
        assertThat(text.toString().lines()).allSatisfy(line -> assertThat(line).contains(ESCAPE + "[2K"));
    }

    @Test
    @DisplayName("a line said between two tables is not drawn over")
    void saysBetweenTables() {
        Screen screen = new Screen(new PrintWriter(text), true);

        screen.show(tally, 0.5);
        screen.say("Draining");
        screen.show(tally, 1);

        assertThat(text.toString()).contains("Draining").doesNotContainPattern(ESCAPE + "\\[\\d+A");
    }

    @Test
    @DisplayName("failures are shown when there are some")
    void failures() {
        Screen screen = new Screen(new PrintWriter(text), false);

        screen.show(tally, 1);
        tally.failed("refused");
        screen.show(tally, 2);

        assertThat(text.toString().lines())
                .satisfiesExactly(first -> assertThat(first).doesNotContain("failed"), second -> assertThat(second)
                        .endsWith("failed 1"));
    }

    @Test
    @DisplayName("the PUBACK times shown are those of the last seconds, those of the warm-up pass away")
    void recentTimes() {
        Screen screen = new Screen(new PrintWriter(text), false);
        tally.acknowledged(0, 0, TimeUnit.SECONDS.toNanos(2));

        for (int second = 1; second <= 7; second++) {
            tally.acknowledged(0, second, TimeUnit.MILLISECONDS.toNanos(1));
            screen.show(tally, second);
        }
        screen.summarise(tally);

        assertThat(text.toString().lines().toList().get(0)).contains("p99 2031.6 ms");
        assertThat(text.toString().lines().toList().get(6)).contains("p50 1.0 ms p99 1.0 ms");
        assertThat(text.toString().lines().toList().get(7)).contains("p50 1.0 ms, p99 2031.6 ms");
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            tally.sent();
            tally.acknowledged(0, i, 1_000_000);
        }
    }
}
