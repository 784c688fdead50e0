// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Problems;
import io.gantry.connectors.spi.GuardedSettings;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.security.AuthenticatorSettings;

/** Refuses an authenticator {@code certificate} where nobody is asked for one, so that it would let nobody in. */
final class UnaskedCertificates {

    private UnaskedCertificates() {}

    static void check(GatewaySettings settings, Binder binder, Problems problems) {
        if (isAsked(settings)) {
            return;
        }
        for (AuthenticatorSettings authenticator : settings.security().authenticate()) {
            if (authenticator.certificate() != null) {
                problems.add(
                        binder.placeOf(authenticator.certificate()),
                        "certificate: nobody is asked for one: expected a listener with tls: {client-ca: FILE}");
            }
        }
    }

    /** Endpoints that listen ask by settings of their own. */
    private static boolean isAsked(GatewaySettings settings) {
        return settings.listeners().stream().anyMatch(UnaskedCertificates::asks)
                || settings.endpoints().values().stream()
                        .anyMatch(endpoint ->
                                endpoint.settings() instanceof GuardedSettings guarded && guarded.isUnderSecurity());
    }

    private static boolean asks(ListenerSettings listener) {
        return listener.tls() != null && listener.tls().clientCa() != null;
    }
}
