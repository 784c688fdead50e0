// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.http.OAuthSettings.ClientAuthentication;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An endpoint that denies private addresses")
class PrivateAddressesIT {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0"})
    @DisplayName("opens no connection to one, whether it is written as a name or as a number, and parks [C10] [R11]")
    void denied(String host) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200))) {
            Settings.EndpointDraft draft = new Settings.EndpointDraft("http://" + host + ":" + server.port());
            draft.denyPrivateAddresses = true;

            assertParked(draft, "the HTTP service's name leads to a private address");

            assertThat(server.connections).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    @DisplayName("opens none to a token service there either")
    void tokenService(String host) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200))) {
            Settings.EndpointDraft draft = new Settings.EndpointDraft("http://service.invalid");
            draft.denyPrivateAddresses = true;
            draft.oauth = new OAuthSettings(
                    "http://" + host + ":" + server.port(),
                    "plant",
                    new Secret("hunter2"),
                    null,
                    null,
                    ClientAuthentication.BASIC);

            assertParked(draft, "the token service's name leads to a private address");

            assertThat(server.connections).hasValue(0);
        }
    }

    private static void assertParked(Settings.EndpointDraft draft, String reason) {
        try (Harness harness = new Harness(draft.settings())) {
            assertThat(deliver(harness.start(Settings.to("/in")), message("a")))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> {
                        assertThat(parked.retry()).isEqualTo(Retry.whenMended());
                        assertThat(parked.reason()).startsWith(reason);
                    });
        }
    }
}
