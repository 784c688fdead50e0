// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Every endpoint, both ways, at once")
class EveryEndpointIT {
    private static final String MQTT = "mqtt";
    private static final Map<String, Callable<Peer>> CONNECTORS = new LinkedHashMap<>();

    private static final Map<String, Peer> PEERS = new LinkedHashMap<>();

    static {
        CONNECTORS.put("kafka", KafkaPeer::new);
        CONNECTORS.put("http", HttpPeer::new);
        CONNECTORS.put("amqp", AmqpPeer::new);
        CONNECTORS.put("coap", CoapPeer::new);
        CONNECTORS.put(MQTT, MqttPeer::new);
        String some = System.getProperty("gantry.endpoints");
        if (some != null) {
            CONNECTORS.keySet().retainAll(List.of(some.split(",")));
        }
    }

    @TempDir
    private static Path folder;

    private static Programme programme;

    @BeforeAll
    static void begin() throws Exception {
        for (Map.Entry<String, Callable<Peer>> connector : CONNECTORS.entrySet()) {
            if (isThere(connector.getKey())) {
                PEERS.put(connector.getKey(), connector.getValue().call());
            }
        }
        programme = new Programme(folder, PEERS);
        programme.start();
    }

    @AfterAll
    static void end() throws Exception {
        if (programme != null) {
            programme.close();
        }
        for (Peer peer : PEERS.values()) {
            peer.close();
        }
    }

    private static boolean isThere(String connector) {
        return !connector.equals(MQTT) || MqttPeer.isInstalled();
    }

    static Stream<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        for (Harm harm : Harm.values()) {
            for (String connector : CONNECTORS.keySet()) {
                for (Direction direction : Direction.values()) {
                    rows.add(arguments(new Way(connector, direction), harm));
                }
            }
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0} fault={1}: loses nothing, keeps the order of each device, accounts for everything")
    @MethodSource("rows")
    void row(Way way, Harm harm) throws Exception {
        assumeTrue(isThere(way.connector()), "mosquitto is not installed");

        Figures figures = programme.figures(way, harm);

        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println(way + " fault=" + harm + " " + figures.line());
        assertThat(figures.sent()).isPositive();
        assertThat(figures.lost()).as("lost").isZero();
        assertThat(figures.duplicated()).as("duplicated").isLessThanOrEqualTo(figures.mayBeDuplicated());
        assertThat(figures.inOrder()).as("in order").isTrue();
        assertThat(figures.givenUp()).as("given up").isEqualTo(figures.poison());
        assertThat(figures.poison() > 0).as("poison among it").isEqualTo(harm == Harm.POISON);
        assertThat(figures.booksClose()).as("books close").isTrue();
    }
}
