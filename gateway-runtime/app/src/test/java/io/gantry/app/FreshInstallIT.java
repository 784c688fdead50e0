// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.config.ConfigFile;
import io.gantry.mqtt.session.Counter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link HardeningDefaultsTest} cannot read off the settings: a gateway with nothing but free ports in its file. */
@DisplayName("A fresh install, when it runs,")
class FreshInstallIT {
    private static final String CONNECT_5_WITHOUT_KEEP_ALIVE = "100F00044D5154540502000000000264" + "31";
    private static final String DUP_AT_QOS_0 = "380400016100";

    private final List<String> console = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path directory;

    private Gateway start(String more) throws Exception {
        String yaml = """
                listeners: ["mqtt://127.0.0.1:0"]
                admin: {listen: "127.0.0.1:0"}
                store: {directory: "%s"}
                %s""".formatted(directory, more);
        return Gateway.start(
                new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read("fresh.yaml", yaml), console::add);
    }

    private static Socket connect(Gateway gateway, String bytes) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), gateway.addresses().get(0).getPort());
        socket.setSoTimeout(Math.toIntExact(Patience.SECONDS * 1_000L));
        socket.getOutputStream().write(HexFormat.of().parseHex(bytes));
        return socket;
    }

    private static String readPacket(Socket socket) throws IOException {
        byte[] header = socket.getInputStream().readNBytes(2);
        byte[] rest = socket.getInputStream().readNBytes(header[1]);
        return HexFormat.of().withUpperCase().formatHex(header)
                + HexFormat.of().withUpperCase().formatHex(rest);
    }

    @Test
    @DisplayName(
            "replaces a Keep Alive of 0, takes the specification by its word, and counts what is malformed under a name of"
                    + " its own")
    void devices() throws Exception {
        try (Gateway gateway = start("")) {
            try (Socket socket = connect(gateway, CONNECT_5_WITHOUT_KEEP_ALIVE)) {
                // Server Keep Alive: 3600 seconds
                assertThat(readPacket(socket)).startsWith("20").contains("130E10");
                var names = gateway.server().allCounts().keySet();

                socket.getOutputStream().write(HexFormat.of().parseHex(DUP_AT_QOS_0));

                assertThat(readPacket(socket)).startsWith("E0").contains("81");
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                assertThat(gateway.server().count(Counter.PACKETS_MALFORMED)).isOne();
                assertThat(gateway.server().allCounts().keySet()).isEqualTo(names);
            }
        }
    }

    @Test
    @DisplayName(
            "has an admin port that knows no password, refuses other web pages, and leaves an audit line for each change")
    void admin() throws Exception {
        try (Gateway gateway = start("")) {
            assertThat(gateway.addresses()).hasSize(1);
            String ban = "{\"clientId\":\"d1\"}";

            assertThat(post(ban, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
            assertThat(post(ban, "X-Nothing", "y").statusCode()).isEqualTo(200);

            List<String> lines = Files.readAllLines(directory.resolve("audit.jsonl"));
            JsonObject line = new JsonObject(lines.get(lines.size() - 1));
            assertThat(line.getString("what")).isEqualTo("/api/v1/bans/add");
            assertThat(line.getString("who")).isEqualTo("local");
        }
    }

    private HttpResponse<String> post(String body, String header, String value) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(adminUrl() + "/api/v1/bans/add"))
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private String adminUrl() {
        return console.stream()
                .filter(line -> line.startsWith("admin "))
                .findFirst()
                .orElseThrow()
                .substring("admin ".length());
    }

    @Test
    @DisplayName("lets nobody in while what it is to ask cannot be asked [B20]")
    void authenticatorIsAway() throws Exception {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + nobody.getLocalPort() + "/";
            nobody.close();
            try (Gateway gateway = start("security: {authenticate: [{http: {url: \"" + url + "\"}}], roles: {r: {}}}");
                    Socket socket = connect(gateway, CONNECT_5_WITHOUT_KEEP_ALIVE)) {
                assertThat(readPacket(socket)).startsWith("20").contains("88");
                assertThat(gateway.server().count(Counter.CONNECTIONS_OPENED)).isZero();
            }
        }
    }
}
