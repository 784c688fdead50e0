// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("Outboxes under chance")
class OutboxModelTest {
    private static final int STEPS = 300;

    private final Logger log = (Logger) LoggerFactory.getLogger("io.gantry.delivery");

    @BeforeEach
    void quiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        log.setLevel(null);
    }

    @Test
    @DisplayName("whatever happens, nothing acknowledged is lost, order holds, and the books close at every step")
    void anything() {
        for (long seed = 1; seed <= 1_000; seed++) {
            OutboxModel model = new OutboxModel(seed);
            try {
                for (int i = 0; i < STEPS; i++) {
                    model.step();
                }
                model.finish();
            } catch (RuntimeException | Error failure) {
                throw new AssertionError("seed " + seed + ", " + model + ": " + failure.getMessage(), failure);
            }
        }
    }
}
