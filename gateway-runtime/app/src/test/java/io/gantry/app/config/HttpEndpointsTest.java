// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.app.Connectors;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.connectors.http.HttpEndpointSettings;
import io.gantry.connectors.http.HttpTo;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("HTTP endpoints in the YAML")
class HttpEndpointsTest {
    private static final String ENDPOINT = "listeners: mqtt://h\nendpoints: {api: {http: %s}}\n";
    private static final String ROUTE = ENDPOINT.formatted("https://api.example") + "routes: {r: %s}\n";

    @Test
    @DisplayName("have safe defaults")
    void defaults() throws InvalidConfigException {
        GatewaySettings settings = read(ROUTE.formatted("{from: {mqtt: x}, to: {api: /in}}"));

        HttpEndpointSettings endpoint = (HttpEndpointSettings)
                settings.endpoints().values().iterator().next().settings();
        assertThat(endpoint.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(endpoint.responseTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(endpoint.maxConnections()).isEqualTo(20);
        assertThat(endpoint.maxResponseSize()).hasToString("64KiB");
        assertThat(endpoint.username()).isNull();
        assertThat(endpoint.password()).isNull();
        assertThat(endpoint.token()).isNull();
        HttpTo to = (HttpTo)
                settings.routes().values().iterator().next().to().get(0).settings();
        assertThat(to.path()).hasToString("/in");
        assertThat(to.method()).isEqualTo(HttpTo.Method.POST);
        assertThat(to.query()).isEmpty();
        assertThat(to.headers()).isEmpty();
        assertThat(to.contentType()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {url: 'http://h', tls: {ca: x}}         | 'tls' is not supported by this version
            {url: 'http://h', auth: {}}             | 'auth' is not supported by this version
            {url: 'http://h', proxy: p}             | 'proxy' is not supported by this version
            {url: 'http://h', compression: gzip}    | 'compression' is not supported by this version
            {url: 'http://u:hunter2@h'}             | url: must not contain a user or a password: they are keys of their own
            {url: 'http://h?k=hunter2'}             | url: must not contain a query: it is a key of the route's to
            {url: 'http://h', token: 'hunter 2'}    | token: must be visible ASCII characters without a blank
            {url: 'http://h', tokn: hunter2}        | unknown key 'tokn', did you mean 'token'?
            {}                                      | http: 'url' is missing
            """)
    @DisplayName("are refused with a place, and without a secret")
    void endpoints(String endpoint, String problem) {
        assertProblem(ENDPOINT.formatted(endpoint), problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {from: {mqtt: x}, to: {api: {path: /in, batch: 5}}}     | 'batch' is not supported by this version
            {from: {mqtt: x}, to: {api: {path: /in, reply: {}}}}    | 'reply' is not supported by this version
            {from: {mqtt: x}, to: {api: {path: /in, method: GET}}}  | must be POST, PUT, PATCH or DELETE, was 'GET'
            {from: {mqtt: x}, to: {api: '/{site}'}}                 | no message of this route has a value {site}
            {from: {api: /in}, to: {mqtt: x}}                       | a route that starts at an http endpoint is not supported by this version
            {from: {api: {path: /in}}, to: {mqtt: x}}               | a route that starts at an http endpoint is not supported by this version
            """)
    @DisplayName("say what a route cannot want of them")
    void routes(String route, String problem) {
        assertProblem(ROUTE.formatted(route), problem);
    }

    private static void assertProblem(String yaml, String problem) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("g.yaml:")
                .hasMessageNotContaining("hunter");
    }

    private static GatewaySettings read(String yaml) throws InvalidConfigException {
        return new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read("g.yaml", yaml);
    }
}
