// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The preset azure-event-hubs of AMQP endpoints")
class AmqpPresetTest {
    private static final String URL = "amqps://plant.servicebus.windows.net";

    private static AmqpEndpointSettings settings(String url, @Nullable String username, String largest) {
        return new AmqpEndpointSettings(
                List.of(url),
                username,
                username == null ? null : new Secret("key"),
                null,
                TlsSettings.PLAIN,
                4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                ByteSize.fromText(largest),
                AmqpPreset.AZURE_EVENT_HUBS);
    }

    @Test
    @DisplayName("wants TLS, the name and key of a policy, and messages of at most 1 MiB")
    void endpoint() {
        settings(URL, "send", "1MiB");

        assertThatThrownBy(() -> settings("amqp://plant.servicebus.windows.net", "send", "1MiB"))
                .hasMessageContaining("amqps://")
                .hasMessageContaining("azure-event-hubs");
        assertThatThrownBy(() -> settings(URL, null, "1MiB")).hasMessageContaining("shared access policy");
        assertThatThrownBy(() -> settings(URL, "send", "2MiB")).hasMessageContaining("at most 1MiB");
    }

    @Test
    @DisplayName("refuses to read, since no position is kept, and says what reads it")
    void reading() {
        AmqpFrom from = Settings.from("telemetry");

        assertThatThrownBy(() -> new AmqpConnector().checkFrom(settings(URL, "listen", "1MiB"), from, List.of()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("kafka: with preset azure-event-hubs");
    }
}
