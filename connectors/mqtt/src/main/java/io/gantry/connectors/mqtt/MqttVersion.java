// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.util.Arrays;

/** The versions of MQTT that a remote broker may speak. */
public enum MqttVersion {
    /** MQTT 5.0. */
    V5("5"),
    /** MQTT 3.1.1: no properties, no reasons why a message is refused. */
    V311("3.1.1");

    private final String text;

    MqttVersion(String text) {
        this.text = text;
    }

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static MqttVersion fromText(String text) {
        return Arrays.stream(values())
                .filter(version -> version.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be 5 or 3.1.1, was '" + text + "'"));
    }

    @Override
    public String toString() {
        return text;
    }
}
