// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The demo's tally")
class TallyTest {
    private final Tally tally = new Tally(2);

    @Test
    @DisplayName("is spotless when every message has arrived once and in order")
    void spotless() {
        sendAndAcknowledge(0, 3);
        sendAndAcknowledge(1, 1);
        arrive(0, 0, 1, 2);
        arrive(1, 0);
        tally.commandSent();
        tally.commandReceived(1, 0);

        assertThat(tally.complete()).isTrue();
        assertThat(tally.spotless()).isTrue();
        assertThat(tally.lastLine())
                .isEqualTo("sent=4 acknowledged=4 in_kafka=4 lost=0 duplicates=0 commands_sent=1 commands_received=1");
    }

    @Test
    @DisplayName("an acknowledged message that is not in Kafka is lost")
    void lost() {
        sendAndAcknowledge(0, 3);
        arrive(0, 0, 2);

        assertThat(tally.lost()).isEqualTo(1);
        assertThat(tally.complete()).isFalse();
        assertThat(tally.spotless()).isFalse();
    }

    @Test
    @DisplayName("another device's record does not stand in for a lost one")
    void lostIsCountedByDevice() {
        sendAndAcknowledge(0, 1);
        tally.sent();
        arrive(1, 0);

        assertThat(tally.lost()).isEqualTo(1);
    }

    @Test
    @DisplayName("a record that comes twice is a duplicate and counted once")
    void duplicate() {
        sendAndAcknowledge(0, 1);
        arrive(0, 0, 0);

        assertThat(tally.counts().faults().duplicates()).isEqualTo(1);
        assertThat(tally.counts().arrived()).isEqualTo(1);
        assertThat(tally.spotless()).isFalse();
    }

    @Test
    @DisplayName("a record behind a later one of the same device is out of order")
    void outOfOrder() {
        sendAndAcknowledge(0, 3);
        arrive(0, 0, 2, 1);

        assertThat(tally.counts().faults().outOfOrder()).isEqualTo(1);
        assertThat(tally.lost()).isZero();
        assertThat(tally.spotless()).isFalse();
    }

    @Test
    @DisplayName("a record of nobody is noticed")
    void foreign() {
        tally.arrived(DemoPlan.deviceOf("somebody"), 0);
        tally.arrived(2, 0);
        tally.commandReceived(0, -1);

        assertThat(tally.counts().faults().foreign()).isEqualTo(3);
        assertThat(tally.spotless()).isFalse();
    }

    @Test
    @DisplayName("a message that failed is neither under way nor acknowledged, and the first reason is kept")
    void failed() {
        tally.sent();
        tally.failed("refused");
        tally.failed("later");

        assertThat(tally.firstFailure()).contains("refused");
        assertThat(tally.spotless()).isFalse();
    }

    @Test
    @DisplayName("is not complete while an acknowledgement or a command is missing")
    void underWay() {
        tally.sent();
        assertThat(tally.complete()).isFalse();

        tally.acknowledged(0, 0, 1);
        arrive(0, 0);
        assertThat(tally.complete()).isTrue();

        tally.commandSent();
        assertThat(tally.complete()).isFalse();
    }

    private void sendAndAcknowledge(int device, int count) {
        for (int number = 0; number < count; number++) {
            tally.sent();
            tally.acknowledged(device, number, 1_000_000);
        }
    }

    private void arrive(int device, int... numbers) {
        for (int number : numbers) {
            tally.arrived(device, number);
        }
    }
}
