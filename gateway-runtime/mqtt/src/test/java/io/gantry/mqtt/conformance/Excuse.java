// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import java.util.List;

/** Why no test cites a statement. */
record Excuse(String version, String id, String why) {

    static Excuse of(String line) {
        List<String> fields = List.of(line.split("\t", -1));
        return new Excuse(fields.get(0), fields.get(1), fields.get(2));
    }

    /** As tests would cite the statement, without the brackets. */
    String name() {
        return version + "/" + id;
    }
}
