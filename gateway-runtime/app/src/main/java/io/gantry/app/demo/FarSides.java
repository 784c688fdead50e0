// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.nio.file.Path;
import java.util.List;

/** The target systems of the demo. */
final class FarSides {
    private static final Start KAFKA =
            new Start("Kafka (about 5 s)", (plan, tally, directory) -> KafkaSide.start(plan, tally, directory));

    private FarSides() {}

    /** Starts one. */
    interface Starter {
        FarSide start(DemoPlan plan, Tally tally, Path directory) throws Exception;
    }

    /**
     * One that can be started.
     *
     * @param what is started, for the screen
     */
    record Start(String what, Starter starter) {

        /** Starts it; it keeps its files below the directory. */
        FarSide at(DemoPlan plan, Tally tally, Path directory) throws Exception {
            return starter.start(plan, tally, directory);
        }
    }

    static List<Start> of(DemoPlan plan) {
        return plan.isAll()
                ? List.of(
                        KAFKA,
                        new Start("Artemis", (all, tally, directory) -> AmqpSide.start(tally)),
                        new Start("an HTTP service", (all, tally, directory) -> HttpSide.start(tally)),
                        new Start("a CoAP server", (all, tally, directory) -> CoapSide.start(tally)))
                : List.of(KAFKA);
    }
}
