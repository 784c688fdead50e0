// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayName("gantry demo --all")
class DemoIT {

    @Test
    @DisplayName("loses nothing on the way to Kafka, Artemis, HTTP and CoAP and back, and the books close")
    void everyTarget() {
        StringWriter out = new StringWriter();

        int exitCode = new CommandLine(new DemoCommand())
                .setOut(new PrintWriter(out))
                .execute("--all", "--for=2s", "--devices=4", "--rate=40");

        assertThat(exitCode).as(out.toString()).isZero();
        for (String target : new String[] {"kafka", "amqp", "http", "coap"}) {
            assertThat(out.toString())
                    .containsPattern("target=" + target
                            + " sent=[1-9]\\d* acknowledged=[1-9]\\d* arrived=[1-9]\\d* lost=0 duplicates=0"
                            + " commands_sent=[1-9]\\d* commands_received=[1-9]\\d*")
                    .containsPattern("ledger " + target + "-telemetry/\\w+: accepted=[1-9]\\d* .* waiting=0 closes");
        }
    }
}
