// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("gantry demo")
class DemoCommandTest {
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "20s, PT20S", "5m, PT5M", "1h, PT1H"})
    @DisplayName("--for takes a number and a unit")
    void times(String text, Duration expected) {
        assertThat(new DemoCommand.TimeConverter().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--for=20", "--for=-1s", "--devices=0", "--devices=10001", "--rate=0", "--rate=fast"})
    @DisplayName("refuses what makes no sense, before anything is started")
    void refuses(String option) {
        int exitCode =
                new CommandLine(new DemoCommand()).setErr(new PrintWriter(err)).execute(option);

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(option.replaceFirst("=.*", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 10, 123_456_789})
    @DisplayName("finds the number in its payloads")
    void numbers(int number) {
        assertThat(NumberedPayload.numberIn(NumberedPayload.of(number))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"seq\":}", "{\"seq\":x,", "{\"seq\":99999999999,"})
    @DisplayName("notices payloads that are not its own")
    void foreignPayloads(String text) {
        assertThat(NumberedPayload.numberIn(text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(-1);
    }

    @Test
    @DisplayName("a device's name leads back to the device")
    void deviceNames() {
        assertThat(DemoPlan.deviceOf(DemoPlan.deviceName(42))).isEqualTo(42);
        assertThat(DemoPlan.deviceOf("device-")).isEqualTo(-1);
        assertThat(DemoPlan.deviceOf(null)).isEqualTo(-1);
    }
}
