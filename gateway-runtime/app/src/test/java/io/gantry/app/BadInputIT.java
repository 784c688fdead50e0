// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.app.config.ConfigFile;
import io.gantry.mqtt.session.Counter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Bad input")
class BadInputIT {
    private TestGateway gateway;
    private Mqtt5AsyncClient neighbour;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start("127.0.0.1:1", "routes: {}");
        neighbour = gateway.device5("neighbour");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a CONNECT of 300 MB, 10FFFFFF7F",
        "a length of five bytes, 10FFFFFFFF01",
        "an overlong length, 108000",
        "an HTTP request, 474554202F20485454502F312E310D0A0D0A",
        "a TLS hello, 16030100",
        "PUBLISH before CONNECT, 30050001617878",
        "a second CONNECT, 100E00044D5154540402000A00026431100E00044D5154540402000A00026431",
        "PUBLISH with QoS 3, 100E00044D5154540402000A00026431360700016100017878",
    })
    @DisplayName("closes the connection it came on, is counted, and touches no other")
    void closes(String what, String bytes) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(bytes));

            assertThat(endOf(socket)).as(what).isTrue();
        }

        await().until(() -> gateway.count(Counter.PACKETS_MALFORMED) == 1);
        assertNeighbourLives();
    }

    @Test
    @DisplayName("at random, three hundred times (seed 7), leaves the gateway as it was")
    void random() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                byte[] bytes = new byte[1 + random.nextInt(64)];
                random.nextBytes(bytes);
                bytes[0] = random.nextInt(4) == 0 ? bytes[0] : 0x10;
                socket.getOutputStream().write(bytes);
            } catch (IOException reset) {
                // the gateway may close while this still writes
                assertThat(reset).isNotNull();
            }
        }

        assertNeighbourLives();
        await().until(() -> gateway.connections() == 1);
    }

    /** True when the gateway closed the connection. */
    private static boolean endOf(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private void assertNeighbourLives() throws Exception {
        assertThat(neighbour
                        .publishWith()
                        .topic("a")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send()
                        .get(Patience.SECONDS, TimeUnit.SECONDS)
                        .getError())
                .isEmpty();
    }

    @Test
    @DisplayName("a port in use stops the start with the address and the reason")
    void portInUse() throws Exception {
        String yaml = "listeners: [\"mqtt://127.0.0.1:" + gateway.port() + "\"]\nadmin: {listen: \"127.0.0.1:0\"}";
        var settings = new ConfigFile(Connectors.all(), System::getenv).read("test.yaml", yaml);

        assertThatThrownBy(() -> Gateway.start(settings, line -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mqtt://127.0.0.1:" + gateway.port())
                .hasMessageContaining("in use");
    }
}
