// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is to do.
 *
 * @param length until Ctrl-C when there is none
 * @param devices of each target system
 * @param rate messages per second of all devices of a target system together
 * @param isAll whether every target system takes part, and not Kafka alone
 */
record DemoPlan(@Nullable Duration length, int devices, int rate, boolean isAll) {
    static final String TELEMETRY = "telemetry";
    static final String COMMANDS = "commands";
    private static final String SITE = "hall";

    /** The name of a device, which is its key in Kafka as well. */
    static String deviceName(int device) {
        return "device-" + device;
    }

    /** The device of a name; -1 when it is none of the demo's. */
    static int deviceOf(@Nullable String name) {
        if (name == null || !name.matches("device-\\d{1,5}")) {
            return -1;
        }
        return Integer.parseInt(name.substring("device-".length()));
    }

    static String telemetryTopic(String site, int device) {
        return "sensors/" + site + "/" + deviceName(device) + "/telemetry";
    }

    static String commandTopic(String site, int device) {
        return "sensors/" + site + "/" + deviceName(device) + "/commands";
    }

    /** Where the devices of a target system are. */
    String site(FarSide farSide) {
        return isAll ? farSide.name() : SITE;
    }

    /** The name of a route. */
    String route(FarSide farSide, String what) {
        return isAll ? farSide.name() + "-" + what : what;
    }

    /** Commands per second: far fewer than readings, as in life. */
    int commandRate() {
        return Math.max(1, rate / 20);
    }

    /** The gateway's file. */
    String yaml(int mqttPort, int adminPort, List<FarSide> farSides) {
        StringBuilder yaml = new StringBuilder("""
                listeners:
                  # all devices of the demo come from one address
                  - {url: "mqtt://127.0.0.1:%d", max-connections-per-address: 10000}

                admin: {listen: "127.0.0.1:%d"}

                endpoints:
                """.formatted(mqttPort, adminPort));
        farSides.forEach(farSide -> yaml.append(farSide.endpoints().indent(2)));
        yaml.append("\nroutes:\n");
        yaml.append(farSides.stream().map(farSide -> farSide.routes().indent(2)).collect(Collectors.joining("\n")));
        return yaml.toString();
    }
}
