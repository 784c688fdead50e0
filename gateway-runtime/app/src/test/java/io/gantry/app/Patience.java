// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come. Only a test that fails waits so long: a slow machine must not make it fail. */
final class Patience {
    static final int SECONDS = 120;

    private Patience() {}

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(SECONDS));
    }
}
