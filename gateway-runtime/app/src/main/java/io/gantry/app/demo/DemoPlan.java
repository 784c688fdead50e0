// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is to do.
 *
 * @param length until Ctrl-C when there is none
 * @param rate messages per second of all devices together
 */
record DemoPlan(@Nullable Duration length, int devices, int rate) {
    static final String SITE = "hall";
    static final String TELEMETRY = "telemetry";
    static final String COMMANDS = "commands";

    /** The Client Identifier of a device, which is its key in Kafka as well. */
    static String deviceName(int device) {
        return "device-" + device;
    }

    /** The device of a Client Identifier; -1 when it is none of the demo's. */
    static int deviceOf(@Nullable String name) {
        if (name == null || !name.matches("device-\\d{1,5}")) {
            return -1;
        }
        return Integer.parseInt(name.substring("device-".length()));
    }

    static String telemetryTopic(int device) {
        return "sensors/" + SITE + "/" + deviceName(device) + "/telemetry";
    }

    static String commandTopic(int device) {
        return "sensors/" + SITE + "/" + deviceName(device) + "/commands";
    }

    /** Commands per second: far fewer than readings, as in life. */
    int commandRate() {
        return Math.max(1, rate / 20);
    }

    /** The gateway's file. */
    String yaml(int mqttPort, String brokers) {
        return """
                listeners:
                  # all devices of the demo come from one address
                  - {url: "mqtt://127.0.0.1:%d", max-connections-per-address: 10000}

                admin: {listen: "127.0.0.1:0"}

                endpoints:
                  plant: {kafka: {brokers: "%s"}}

                routes:
                  telemetry:
                    from: {mqtt: "sensors/{site}/{device}/telemetry"}
                    to: {plant: {topic: telemetry, key: "{device}", headers: {site: "{site}"}}}

                  commands:
                    from: {plant: {topic: commands, group: gantry, start: earliest}}
                    to: {mqtt: {topic: "sensors/{header.site}/{key}/commands", qos: 1}}
                """.formatted(mqttPort, brokers);
    }
}
