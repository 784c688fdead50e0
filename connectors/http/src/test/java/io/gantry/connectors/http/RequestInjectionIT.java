// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Sink;
import io.gantry.routes.CamelUriConnector;
import io.gantry.routes.CamelUriConnector.CamelUri;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("[C1] [C2] [C3] No caller over HTTP names a header of Camel")
class RequestInjectionIT {
    private static final int ON_ONE_CONNECTION = 100;

    /** They mean something to every HTTP server, which refuses what they cannot mean. */
    private static final Set<String> OF_HTTP = Set.of(
            "authorization",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "origin",
            "transfer-encoding");

    @Test
    @DisplayName(
            "every header name of the catalogue, as header, query name and part of the path, leaves targets as routes say")
    void staysWithTheRoute() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (ScriptedServer right = ScriptedServer.start(ScriptedServer.status(200));
                ScriptedServer plain = ScriptedServer.start(ScriptedServer.status(200));
                ScriptedServer elsewhere = ScriptedServer.start(ScriptedServer.status(200));
                Listening web = new Listening(Listening.plain())) {
            web.routes.open("api", new HttpConnector(), Settings.endpoint(right.url()));
            web.routes.open("camel", new CamelUriConnector(), new CamelUriConnector.NoSettings());
            Sink connector = web.routes
                    .to("a", "api", Settings.to("/in/{path.site}", Map.of(), Map.of("X-Site", "{path.site}")), null)
                    .sink();
            Sink uri = web.routes
                    .to("b", "camel", new CamelUri(plain.url() + "/plain"), null)
                    .sink();
            // camel-http waits on its caller's thread, and there is one that takes requests
            Sink waiting = (message, acknowledgement) -> threads.execute(() -> uri.offer(message, acknowledgement));
            web.route(Listening.from("/in/{site}"), Sink.toAll(List.of(connector, waiting)));
            web.start();

            List<String> names = List.copyOf(HttpHeaderInjectionIT.names());
            String value = elsewhere.url() + "/stolen";
            List<Socket> sockets = ask(web, names, value);
            for (Socket socket : sockets) {
                assertThat(Listening.read(socket).replace("HTTP/1.1 202 ", "")).doesNotContain("HTTP/1.1 ");
                socket.close();
            }

            assertThat(right.requests).hasSize(names.size() + sockets.size());
            assertThat(elsewhere.requests).isEmpty();
            assertThat(right.requests).isNotEmpty().allSatisfy(HttpHeaderInjectionIT::isAsTheRouteSays);
            assertThat(plain.requests).hasSameSizeAs(right.requests).allSatisfy(request -> assertThat(request.line())
                    .isEqualTo("POST /plain HTTP/1.1"));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Sends a request with each name, many on one connection. */
    private static List<Socket> ask(Listening web, List<String> names, String value) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int first = 0; first < names.size(); first += ON_ONE_CONNECTION) {
            List<String> some = names.subList(first, Math.min(names.size(), first + ON_ONE_CONNECTION));
            Socket socket = web.connect();
            sockets.add(socket);
            StringBuilder requests = new StringBuilder();
            some.forEach(name -> requests.append(request(name, value, "")));
            requests.append(request("last", value, "Connection: close\r\n"));
            socket.getOutputStream().write(requests.toString().getBytes(ISO_8859_1));
        }
        return sockets;
    }

    private static String request(String name, String value, String connection) {
        String target = "/in/" + UrlText.encode(name) + "?" + UrlText.encode(name) + "=" + UrlText.encode(value);
        boolean isFree = RequestHeaders.isName(name) && !OF_HTTP.contains(name.toLowerCase(Locale.ROOT));
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + connection
                + (isFree ? name + ": " + value + "\r\n" : "")
                + "mqtt-topic: elsewhere\r\nContent-Length: 1\r\n\r\nx";
    }
}
