// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.ListenAddress;
import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Problems;
import io.gantry.mqtt.ListenerSettings;

/** Refuses a listener that other machines can reach as long as nothing says who may connect. */
final class OpenListeners {
    private OpenListeners() {}

    static void check(GatewaySettings settings, Binder binder, Problems problems) {
        if (!settings.security().isOpen()) {
            return;
        }
        for (ListenerSettings listener : settings.listeners()) {
            if (!ListenAddress.isLoopback(listener.url().host())) {
                problems.add(binder.placeOf(listener.url()), refusal(listener));
            }
        }
    }

    private static String refusal(ListenerSettings listener) {
        return listener.url() + " can be reached from other machines, and nothing says who may connect: expected"
                + " security: {authenticate: [{password-file: users.txt}], roles: {…}}, or security: {anonymous: true} to"
                + " let everybody in";
    }
}
