// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import java.util.List;

/**
 * One normative statement of a version of MQTT, in our own words.
 *
 * @param version as it is cited: 3.1.1 or 5.0
 * @param side who has to comply: server, client or both
 */
record Statement(String version, String id, String side, String section, String paraphrase) {

    static Statement of(String version, String line) {
        List<String> fields = List.of(line.split("\t", -1));
        return new Statement(version, fields.get(0), fields.get(1), fields.get(2), fields.get(3));
    }

    /** As tests cite it, without the brackets. */
    String name() {
        return version + "/" + id;
    }
}
