// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Problems;
import io.gantry.mqtt.ListenerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Refuses a listener that other machines can reach as long as nothing says who may connect. */
final class OpenListeners {
    private static final Pattern LOOPBACK_IPV4 = Pattern.compile("127(?:\\.\\d{1,3}){3}");

    private OpenListeners() {}

    static void check(GatewaySettings settings, Binder binder, Problems problems) {
        if (!settings.security().isOpen()) {
            return;
        }
        for (ListenerSettings listener : settings.listeners()) {
            if (!isLoopback(listener.url().host())) {
                problems.add(binder.placeOf(listener.url()), refusal(listener));
            }
        }
    }

    private static String refusal(ListenerSettings listener) {
        return listener.url() + " can be reached from other machines, and nothing says who may connect: expected"
                + " security: {authenticate: [{password-file: users.txt}], roles: {…}}, or security: {anonymous: true} to"
                + " let everybody in";
    }

    /** Whether it is an address of this machine alone; of names only {@code localhost} is one, since no name is looked up. */
    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost") || LOOPBACK_IPV4.matcher(host).matches()) {
            return true;
        }
        try {
            // in brackets it is an address or nothing
            return host.indexOf(':') >= 0
                    && InetAddress.getByName("[" + host + "]").isLoopbackAddress();
        } catch (UnknownHostException malformed) {
            return false;
        }
    }
}
