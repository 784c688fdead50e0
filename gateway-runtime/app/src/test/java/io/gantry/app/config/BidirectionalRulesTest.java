// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.app.Connectors;
import io.gantry.app.yaml.InvalidConfigException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Bidirectional rules")
class BidirectionalRulesTest {
    private static final String HEAD = """
            listeners: [mqtt://127.0.0.1:0]
            endpoints:
              plant: {kafka: {brokers: "localhost:9092"}}
            routes:
            """;

    private static GatewaySettings read(String routes) throws InvalidConfigException {
        return new ConfigFile(Connectors.all(), name -> null).read("gantry.yaml", HEAD + routes);
    }

    @Test
    @DisplayName("are two routes, named after the rule")
    void areTwoRoutes() throws Exception {
        GatewaySettings settings = read("""
                  orders:
                    up: {from: {mqtt: "orders/+/done"}, to: {plant: {topic: done}}}
                    down: {from: {plant: {topic: new}}, to: {mqtt: {topic: "orders/{key}/new"}}}
                  other: {from: {mqtt: "x"}, to: {plant: {topic: x}}}
                """);

        assertThat(settings.routes()).containsOnlyKeys("orders.up", "orders.down", "other");
    }

    @Test
    @DisplayName(
            "with one half alone, with keys beside the halves and with mistakes in a half are refused where they are")
    void refuses() {
        assertThatThrownBy(() -> read("  orders: {up: {from: {mqtt: x}, to: {plant: {topic: x}}}}\n"))
                .hasMessageContaining(
                        "gantry.yaml:5:11: routes.orders: a bidirectional rule needs both 'up' and 'down',"
                                + " 'down' is missing");
        assertThatThrownBy(() -> read("""
                  orders:
                    up: {from: {mqtt: x}, to: {plant: {topic: x}}}
                    down: {from: {plant: {topic: y}}, to: {mqtt: {topic: y, qoss: 1}}}
                    delivery: {}
                """))
                .hasMessageContaining("gantry.yaml:8:5: routes.orders: has 'delivery' beside 'up' and 'down'")
                .hasMessageContaining("gantry.yaml:7:61: unknown key ")
                .hasMessageContaining("'qoss'");
    }

    @Test
    @DisplayName("no route can take the name of a half")
    void dotsAreRefused() {
        assertThatThrownBy(() -> read("  orders.up: {from: {mqtt: x}, to: {plant: {topic: x}}}\n"))
                .hasMessageContaining("a name must be 1 to 64 letters, digits, '-' and '_', was 'orders.up'");
    }
}
