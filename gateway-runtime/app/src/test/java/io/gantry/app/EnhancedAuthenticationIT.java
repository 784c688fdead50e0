// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import io.gantry.api.MessageId;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.store.WriteOrder;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.mqtt.MqttServer;
import io.gantry.store.Durability;
import io.gantry.store.RocksStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Enhanced authentication of the HiveMQ client")
class EnhancedAuthenticationIT {
    @TempDir
    private Path directory = Path.of("");

    private RocksStore store;
    private MqttServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        GatewaySettings settings = new ConfigFile(Connectors.all(), System::getenv)
                .read("test.yaml", "listeners: [\"mqtt://127.0.0.1:0\"]");
        store = RocksStore.open(directory, Durability.OS);
        server = MqttServer.start(
                settings.limits(),
                new MessageId.Sequence(1, 1),
                Clock.systemUTC(),
                new WriteOrder(store),
                Gatekeeping.OPEN.with(Map.of(HmacMechanism.NAME, HmacMechanism.withKey("right"))));
        port = server.listen(settings.listeners().get(0), null).getPort();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        store.close();
    }

    @Test
    @DisplayName("lets in who has the key, also again on the living connection")
    void right() throws Exception {
        Mqtt5AsyncClient client = client(new HmacMechanism("right"));

        client.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        client.reauth().get(Patience.SECONDS, TimeUnit.SECONDS);

        client.publishWith().topic("a").send().get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(client.getState().isConnected()).isTrue();
        client.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("refuses who has another key")
    void wrong() {
        Mqtt5AsyncClient client = client(new HmacMechanism("wrong"));

        assertThatThrownBy(() -> client.connect().get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(Mqtt5ConnAckException.class, refused -> assertThat(
                                refused.getMqttMessage().getReasonCode())
                        .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED));
    }

    @Test
    @DisplayName("ends the connection of who has no longer the key")
    void noLonger() throws Exception {
        HmacMechanism mechanism = new HmacMechanism("right");
        Mqtt5AsyncClient client = client(mechanism);
        client.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        mechanism.key("wrong");

        assertThatThrownBy(() -> client.reauth().get(Patience.SECONDS, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(Mqtt5DisconnectException.class, ended -> assertThat(
                                ended.getMqttMessage().getReasonCode())
                        .isEqualTo(Mqtt5DisconnectReasonCode.NOT_AUTHORIZED));

        await().until(() -> server.connections() == 0);
    }

    private Mqtt5AsyncClient client(HmacMechanism mechanism) {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier("d1")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .enhancedAuth(mechanism)
                .buildAsync();
    }
}
