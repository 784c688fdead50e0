// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.app.yaml.Problem;
import io.gantry.connectors.coap.CoapConnector;
import io.gantry.connectors.http.HttpConnector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Endpoints under security:")
class GuardedEndpointsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http: {listen: {address: '0.0.0.0:8081', security: true}}",
                "coap: {listen: {address: 'coap://0.0.0.0', security: true}}"
            })
    @DisplayName("must say who may call where an endpoint leaves it to that")
    void guarded(String endpoint) throws InvalidConfigException {
        String file = "listeners: mqtt://127.0.0.1\nendpoints: {e: {%s}}\n".formatted(endpoint);

        assertThat(errorsIn(file))
                .singleElement()
                .asString()
                .startsWith("g.yaml:2:")
                .contains("security: true, and nothing at the top of the file says who may call: expected security:");
        assertThat(read(file + "security: {anonymous: true}").endpoints()).hasSize(1);
    }

    @Test
    @DisplayName("must have the roles that an endpoint gives to those who have a shared key")
    void roleOfClients() {
        assertThat(errorsIn("""
                        listeners: mqtt://127.0.0.1
                        security: {anonymous: true, anonymous-roles: d, roles: {d: {}}}
                        endpoints:
                          e: {coap: {listen: {address: "coaps://0.0.0.0", security: true, role: devce}, clients: {a: b}}}
                        """))
                .singleElement()
                .asString()
                .endsWith("role: no role under security: is called 'devce'");
    }

    private static List<String> errorsIn(String text) {
        try {
            read(text);
            return List.of();
        } catch (InvalidConfigException wrong) {
            return wrong.problems().stream().map(Problem::toString).toList();
        }
    }

    private static GatewaySettings read(String text) throws InvalidConfigException {
        return new ConfigFile(List.of(new HttpConnector(), new CoapConnector()), Map.<String, String>of()::get)
                .read("g.yaml", text);
    }
}
