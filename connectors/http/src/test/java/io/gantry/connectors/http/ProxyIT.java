// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An HTTP service behind a proxy")
class ProxyIT {
    private static final String CREDENTIALS = Basic.header("gantry", "hunter2");

    @TempDir
    private Path directory = Path.of("");

    /** Makes the tunnel that it is asked for, to wherever the test says. */
    private static ScriptedServer.Reply tunnelTo(int port) {
        return (request, socket) -> {
            try (Socket service = new Socket(InetAddress.getLoopbackAddress(), port)) {
                ScriptedServer.write(socket, "HTTP/1.1 200 Connection established\r\n\r\n");
                Thread back = new Thread(() -> copy(service, socket), "tunnel");
                back.setDaemon(true);
                back.start();
                copy(socket, service);
            }
            socket.close();
        };
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException closed) {
            // So are tunnels.
        }
    }

    private static HttpEndpointSettings settings(
            String url, ScriptedServer proxy, boolean withCredentials, @Nullable TlsSettings tls) {
        Settings.EndpointDraft draft = new Settings.EndpointDraft(url);
        draft.proxy = withCredentials
                ? new ProxySettings(proxy.url(), "gantry", new Secret("hunter2"))
                : new ProxySettings(proxy.url(), null, null);
        draft.tls = tls;
        draft.maxConnections = 1;
        return draft.settings();
    }

    @Test
    @DisplayName("gets its requests through it, which is told who the gateway is; no name is looked up here")
    void plain() {
        try (ScriptedServer proxy = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings("http://no-such-host.invalid:8080/v1", proxy, true, null))) {
            assertThat(deliver(harness.start(Settings.to("/in/{site}")), message("a b")))
                    .isEqualTo(Delivery.accepted());

            ScriptedServer.Request request = proxy.requests.element();
            assertThat(request.line()).isEqualTo("POST http://no-such-host.invalid:8080/v1/in/a%20b HTTP/1.1");
            assertThat(request.header("Host")).contains("no-such-host.invalid:8080");
            assertThat(request.header("Proxy-Authorization")).contains(CREDENTIALS);
            assertThat(request.header("Authorization")).isEmpty();
            assertThat(proxy.requests).hasSize(1);
        }
    }

    @Test
    @DisplayName("is reached through a tunnel by https; it is checked through it, and never told the proxy's password")
    void tunnel() throws IOException {
        TestCertificates authority = TestCertificates.in(directory);
        TlsSettings tls = new TlsSettings(authority.authority().toString(), null, null, null);
        ServerSocket socket = authority
                .context(authority.server("service.invalid"))
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (ScriptedServer service = ScriptedServer.start(socket, ScriptedServer.status(200));
                ScriptedServer proxy = ScriptedServer.start(tunnelTo(service.port()))) {
            try (Harness harness = new Harness(settings("https://service.invalid:8443", proxy, true, tls))) {
                assertThat(deliver(harness.start(Settings.to("/in")), message("a")))
                        .isEqualTo(Delivery.accepted());
            }
            assertThat(proxy.requests.element().line()).isEqualTo("CONNECT service.invalid:8443 HTTP/1.1");
            assertThat(proxy.requests.element().header("Proxy-Authorization")).contains(CREDENTIALS);
            assertThat(service.requests.element().line()).isEqualTo("POST /in HTTP/1.1");
            assertThat(service.requests.element().headers())
                    .noneMatch(header -> header.toLowerCase(Locale.ROOT).startsWith("proxy-"));

            try (Harness harness = new Harness(settings("https://other.invalid:8443", proxy, true, tls))) {
                assertThat(deliver(harness.start(Settings.to("/in")), message("a")))
                        .isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> assertThat(parked.retry())
                                .isEqualTo(Retry.whenMended()));
            }
            assertThat(service.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"407, true", "403, true", "302, true", "204, true", "201, true", "502, false", "503, false"})
    @DisplayName("has not answered when the proxy answers in place of a tunnel, whatever that is")
    void refusesTheTunnel(int status, boolean parked) {
        try (ScriptedServer proxy =
                        ScriptedServer.start(ScriptedServer.status(status, "Proxy-Authenticate: Basic realm=\"x\""));
                Harness harness = new Harness(settings("https://service.invalid", proxy, false, null))) {
            Sink sink = harness.start(Settings.to("/in"));
            for (int i = 0; i < 3; i++) {
                assertThat(deliver(sink, message("a"))).isInstanceOfSatisfying(Delivery.Unavailable.class, refused -> {
                    assertThat(refused.retry()).isEqualTo(parked ? Retry.whenMended() : Retry.soon());
                    assertThat(refused.reason())
                            .isEqualTo("the proxy refuses a tunnel to the HTTP service: it answered " + status);
                });
            }
            assertThat(proxy.requests).hasSize(3);
        }
    }

    @Test
    @DisplayName("that is asked for a password it was not given parks the route, as does a service that plays proxy")
    void challenged() {
        ScriptedServer.Reply asks = ScriptedServer.status(407, "Proxy-Authenticate: Basic realm=\"x\"");
        try (ScriptedServer proxy = ScriptedServer.start(asks)) {
            for (HttpEndpointSettings settings :
                    List.of(settings("http://service.invalid", proxy, false, null), Settings.endpoint(proxy.url()))) {
                try (Harness harness = new Harness(settings)) {
                    assertThat(deliver(harness.start(Settings.to("/in")), message("a")))
                            .isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> assertThat(parked.retry())
                                    .isEqualTo(Retry.whenMended()));
                }
            }
            assertThat(proxy.requests).hasSize(2).allSatisfy(request -> assertThat(
                            request.header("Proxy-Authorization"))
                    .isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil", "@evil", "?a=", "#", "\\", "%2f", "http://evil/", "a\r\nHost: evil", ".."})
    @DisplayName("stays where the endpoint says, whatever a device puts into the path [C9]")
    void hostStays(String site) {
        try (ScriptedServer proxy = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings("http://service.invalid/v1", proxy, true, null))) {
            deliver(
                    harness.start(Settings.to("/in/{user.site}", Map.of("q", "{user.site}"), Map.of())),
                    RequestIT.withProperty("site", site));

            assertThat(proxy.requests).hasSize(site.equals("..") ? 0 : 1).allSatisfy(request -> {
                assertThat(request.line())
                        .isEqualTo("POST http://service.invalid/v1/in/" + UrlText.encode(site) + "?q="
                                + UrlText.encode(site) + " HTTP/1.1");
                assertThat(request.header("Host")).contains("service.invalid");
            });
        }
    }
}
