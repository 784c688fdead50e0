// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.TopicPattern;
import io.gantry.api.settings.Description;

/** A route that starts at the devices: {@code from: {mqtt: "sensors/{site}/+/telemetry"}}. */
@Description("Messages that devices publish.")
public record FromDevices(
        @Description(
                "Topic Filter. A one-level wildcard may have a name, as in `sensors/{site}/{device}/telemetry`, that"
                        + " templates of the route can use.")
        TopicPattern filter) {

    /**
     * Reads the short form, the filter alone.
     *
     * @throws IllegalArgumentException when it is no Topic Filter
     */
    public static FromDevices fromText(String text) {
        return new FromDevices(TopicPattern.fromText(text));
    }
}
