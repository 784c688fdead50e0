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
    private static final String ENDPOINT = "listeners: mqtt://127.0.0.1\nendpoints: {api: {http: %s}}\n";
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
        assertThat(endpoint.tls()).isNull();
        assertThat(endpoint.oauth()).isNull();
        assertThat(endpoint.proxy()).isNull();
        assertThat(endpoint.denyPrivateAddresses()).isFalse();
        HttpTo to = (HttpTo)
                settings.routes().values().iterator().next().to().get(0).settings();
        assertThat(to.path()).hasToString("/in");
        assertThat(to.method()).isEqualTo(HttpTo.Method.POST);
        assertThat(to.query()).isEmpty();
        assertThat(to.headers()).isEmpty();
        assertThat(to.contentType()).isNull();
        assertThat(to.body()).isEqualTo(HttpTo.Body.RAW);
        assertThat(to.compression()).isEqualTo(HttpTo.Compression.NONE);
        assertThat(to.properties()).isFalse();
        assertThat(to.batch()).isNull();
        assertThat(to.reply()).isFalse();
        assertThat(to.replyTopic()).isNull();
    }

    @Test
    @DisplayName("have safe defaults where they batch, ask for tokens and go through a proxy")
    void nested() throws InvalidConfigException {
        GatewaySettings settings = read((ENDPOINT + "routes: {r: %s}\n")
                .formatted(
                        "{url: 'https://h', proxy: 'http://p:3128',"
                                + " oauth: {token-url: 'https://t', client-id: c, client-secret: s}}",
                        "{from: {mqtt: x}, to: {api: {path: /in, batch: {}}}}"));

        HttpEndpointSettings endpoint = (HttpEndpointSettings)
                settings.endpoints().values().iterator().next().settings();
        assertThat(endpoint.proxy()).hasToString("ProxySettings[url=http://p:3128, username=null, password=null]");
        assertThat(endpoint.oauth()).asString().contains("scope=null, audience=null, clientAuthentication=BASIC");
        HttpTo to = (HttpTo)
                settings.routes().values().iterator().next().to().get(0).settings();
        assertThat(to.batch())
                .asString()
                .isEqualTo("BatchSettings[max=500, wait_=PT0.05S, maxBytes=1MiB, format=JSON_ARRAY]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {url: 'http://h', tls: {ca: /no/ca.pem}}| ca: must be a file that can be read, was '/no/ca.pem'
            {url: 'http://h', tls: {verify: false}} | unknown key 'verify'
            {url: 'http://h', tls: {}}              | tls: must not be given when the url begins with http://
            {url: 'http://h', proxy: 'socks://p:1'} | url: must begin with http:// or https://
            {url: 'http://h', proxy: {url: 'http://p:1', username: u}} | username: must be given together with password
            {url: 'http://h', oauth: {token-url: 'http://t', client-id: c}} | 'client-secret' is missing
            {url: 'http://h', token: t, oauth: {token-url: 'http://t', client-id: c, client-secret: hunter2}} | oauth: must not be given together with username or token
            {url: 'http://u:hunter2@h'}             | url: must not contain a user or a password: they are keys of their own
            {url: 'http://h?k=hunter2'}             | url: must not contain a query: it is a key of the route's to
            {url: 'http://h', token: 'hunter 2'}    | token: must be visible ASCII characters without a blank
            {url: 'http://h', tokn: hunter2}        | unknown key 'tokn', did you mean 'token'?
            {}                                      | http: must have url, for routes that end here, or listen, for routes that start here
            {listen: '0.0.0.0:1'}                   | address: must be a loopback address such as 127.0.0.1:8081, or have username and password, or a token, or tls with client-ca, or security: true, or anonymous: true, was '0.0.0.0:1'
            {listen: 'https://127.0.0.1:1'}         | must be host:port: https is what tls makes of it, was 'https://127.0.0.1:1'
            {listen: {address: '127.0.0.1:1', tls: {}}} | tls: 'cert' is missing
            {listen: {address: '127.0.0.1:1', topics: '/{x}'}} | topics: must not have a {name}, was '/{x}'
            {listen: '127.0.0.1:1', token: hunter2} | must not have credentials, tls or proxy without a url
            """)
    @DisplayName("are refused with a place, and without a secret")
    void endpoints(String endpoint, String problem) {
        assertProblem(ENDPOINT.formatted(endpoint), problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {from: {mqtt: x}, to: {api: {path: /in, batch: 5}}}     | batch
            {from: {mqtt: x}, to: {api: {path: /in, batch: {max: 0}}}} | max: must be 1 to 10000, was 0
            {from: {mqtt: x}, to: {api: {path: /in, batch: {wait: 1h}}}} | wait: must be at most 10s, was 3600000ms
            {from: {mqtt: 'x/{y}'}, to: {api: {path: '/{y}', batch: {}}}} | batch: must not be given together with a {name}
            {from: {mqtt: x}, to: {api: {path: /in, reply: {}}}}    | reply: expected a single value, was a mapping
            {from: {mqtt: x}, to: {api: {path: /in, reply-topic: a}}} | reply-topic: must be given together with reply: true
            {from: {mqtt: x}, to: {api: {path: /in, method: TRACE}}}| must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE, was 'TRACE'
            {from: {mqtt: x}, to: {api: {path: /in, compression: br}}} | must be none or gzip, was 'br'
            {from: {mqtt: x}, to: {api: '/{site}'}}                 | no message of this route has a value {site}
            {from: {api: /in}, to: {mqtt: x}}                       | a route can start only at an http endpoint with listen
            """)
    @DisplayName("say what a route cannot want of them")
    void routes(String route, String problem) {
        assertProblem(ROUTE.formatted(route), problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r: {from: {mqtt: x}, to: {web: /in}}                                     | a route can end only at an http endpoint with url
            r: {from: {web: in}, to: {mqtt: x}}                                      | path: must begin with /, was 'in'
            r: {from: {web: '/{a}/{a}'}, to: {mqtt: x}}                              | path: has {a} twice, was '/{a}/{a}'
            r: {from: {web: /topics/a}, to: {mqtt: x}}                               | path: must not be under the endpoint's topics, /topics, was /topics/a
            r: {from: {web: {path: /in, method: GET}}, to: {mqtt: x}}                | method: must not be GET without reply: true
            r: {from: {web: {path: /in, method: HEAD}}, to: {mqtt: x}}               | must be POST, PUT, PATCH, DELETE or GET, was 'HEAD'
            r: {from: {web: {path: /in, reply-timeout: 0s}}, to: {mqtt: x}}          | reply-timeout: must be 1ms to 10m, was 0s
            r: {from: {web: {path: /in, user-properties: {t: Cookie}}}, to: {mqtt: x}} | user-properties: must name a header that may be passed on
            r: {from: {web: /in}, to: {mqtt: '{client}'}}                            | no message of this route has a value {client}
            r: {from: {web: '/{a}/b'}, to: {mqtt: x}}, s: {from: {web: '/a/{b}'}, to: {mqtt: x}} | path: must not match what POST /{a}/b of another route matches, was /a/{b}
            """)
    @DisplayName("say what a route that starts there cannot want")
    void starts(String routes, String problem) {
        assertProblem(
                "listeners: mqtt://127.0.0.1\nendpoints: {web: {http: {listen: {address: '127.0.0.1:1', topics: /topics}}}}\n"
                        + "routes: {" + routes + "}\n",
                problem);
    }

    @Test
    @DisplayName("have safe defaults where they listen")
    void listens() throws InvalidConfigException {
        GatewaySettings settings =
                read("listeners: mqtt://127.0.0.1\nendpoints: {web: {http: {listen: '127.0.0.1:8081'}}}\n"
                        + "routes: {r: {from: {web: '/d/{device}'}, to: {mqtt: 'd/{path.device}/{query.x}'}}}\n");

        HttpEndpointSettings endpoint = (HttpEndpointSettings)
                settings.endpoints().values().iterator().next().settings();
        assertThat(endpoint.url()).isNull();
        assertThat(endpoint.listen())
                .hasToString("HttpListen[address=127.0.0.1:8081, tls=null, username=null, password=null, token=null,"
                        + " security=false, anonymous=false, topics=null, maxBody=256KiB, maxHeaders=32KiB,"
                        + " maxConnections=1000, idleTimeout=PT1M, requestTimeout=PT30S, answerTimeout=PT30S]");
        assertThat(settings.routes().values().iterator().next().from().settings())
                .hasToString("HttpFrom[path=/d/{device}, method=POST, reply=false, replyTimeout=PT30S,"
                        + " properties=false, userProperties={}]");
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
