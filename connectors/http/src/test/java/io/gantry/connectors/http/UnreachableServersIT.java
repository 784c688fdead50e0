// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An HTTP service at an address that swallows what is sent to it")
class UnreachableServersIT {

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

    /** Much longer than any test takes: only connect-timeout can be what ends the waiting. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(10);

    private static HttpEndpointSettings settings(String url) {
        Settings.EndpointDraft draft = new Settings.EndpointDraft(url);
        draft.connectTimeout = CONNECT_TIMEOUT;
        draft.responseTimeout = RESPONSE_TIMEOUT;
        return draft.settings();
    }

    @Test
    @DisplayName("is given up after connect-timeout and tried again soon, and served again once it is there [D17]")
    void blackHole() throws IOException {
        InetAddress address = InetAddress.getLoopbackAddress();
        try (BlackHole hole = BlackHole.at(address);
                Harness harness = new Harness(settings("http://127.0.0.1:" + hole.port()))) {
            Sink sink = harness.start(Settings.to("/in"));
            long start = System.nanoTime();

            assertThat(deliver(sink, message("a")))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, lost -> assertThat(lost.retry())
                            .isEqualTo(Retry.soon()));
            assertTookConnectTimeout(start);
            assertThat(harness.states).containsOnly(State.WAITING);

            int port = hole.port();
            hole.close();
            try (ScriptedServer mended =
                    ScriptedServer.start(new ServerSocket(port, 50, address), ScriptedServer.status(200))) {
                Harness.soon().until(() -> deliver(sink, message("a")).equals(Delivery.accepted()));
                assertThat(mended.requests).isNotEmpty();
            }
        }
    }

    @Test
    @DisplayName("is found at its next address after connect-timeout, as when its IPv6 address leads nowhere [D17]")
    void nextAddress() throws IOException {
        InetAddress nowhere = InetAddress.getByName("127.0.0.2");
        InetAddress there = InetAddress.getByName("127.0.0.1");
        try (BlackHole hole = BlackHole.at(nowhere);
                ScriptedServer server =
                        ScriptedServer.start(new ServerSocket(hole.port(), 50, there), ScriptedServer.status(200));
                HostLookup lookup =
                        new HostLookup("api", host -> new InetAddress[] {nowhere, there}, Duration.ofMinutes(1))) {
            String url = "http://service.example:" + hole.port();
            NewClient making = new NewClient("service", settings(url));

            try (CloseableHttpClient client = making.using(making.connections(lookup))) {
                long start = System.nanoTime();
                int status = client.execute(new HttpGet(url), making.context(), answer -> answer.getCode());

                assertThat(status).isEqualTo(200);
                assertThat(server.requests).hasSize(1);
                assertTookConnectTimeout(start);
            }
        }
    }

    /** Not less, or the connection was refused; not much more, or something else has ended the waiting. */
    private static void assertTookConnectTimeout(long start) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(CONNECT_TIMEOUT, Duration.ofMinutes(1));
    }
}
