// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.connectors.spi.Connector;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every secret key has a canary in it, by name; whatever the gateway says is searched for all of them. */
@DisplayName("[G7] Secrets")
class CanaryIT {
    /** Four times four characters, so that each is a key in Base64 too. */
    private static final String CANARY = "cAnArY%02dSeCrEtXX";

    private static final int MOST = 30;

    /** Targets that say so soon; CoAP first asks again. */
    private static final int FAILING = 10;

    private static final byte[] REFUSED_CONNACK = {0x20, 3, 0, (byte) 0x86, 0};

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What is opened: each target refuses, or is not there. */
    private static final String OPENED = """
            listeners: ['mqtt://127.0.0.1:0']
            admin: {listen: '127.0.0.1:0'}
            shutdown-timeout: 1s
            store: {directory: '%1$s/store'}
            endpoints:
              kafka: {kafka: {brokers: '127.0.0.1:1', sasl: {mechanism: plain, username: u, password: "${CANARY_1}"}}}
              kafka2:
                kafka:
                  brokers: '127.0.0.1:1'
                  sasl: {mechanism: oauthbearer, token-url: 'https://127.0.0.1:1/t', client-id: u, client-secret: "${CANARY_2}"}
              amqp: {amqp: {url: 'amqp://127.0.0.1:1', username: u, password: "${file:%1$s/canary}"}}
              basic: {http: {url: 'http://127.0.0.1:%2$d', username: u, password: "${CANARY_4}"}}
              token: {http: {url: 'http://127.0.0.1:%2$d', token: "${CANARY_5}"}}
              oauth:
                http:
                  url: 'http://127.0.0.1:%2$d'
                  oauth: {token-url: 'http://127.0.0.1:%2$d/t', client-id: u, client-secret: "${CANARY_6}"}
              proxy:
                http:
                  url: 'http://service.invalid'
                  proxy: {url: 'http://127.0.0.1:%2$d', username: u, password: "${CANARY_7}"}
              http-in:
                http: {listen: {address: '127.0.0.1:0', username: u, password: "${CANARY_8}", token: "${CANARY_9}"}}
              coap: {coap: {url: 'coaps://127.0.0.1:1', psk-identity: u, psk: "${CANARY_10}"}}
              coap-in: {coap: {listen: 'coaps://127.0.0.1:0', topics: /ps, clients: {u: "${CANARY_11}"}}}
              broker: {mqtt: {url: 'mqtt://127.0.0.1:%3$d', username: u, password: "${CANARY_12}"}}
              secured:
                amqp: {url: 'amqps://127.0.0.1:%2$d', tls: {ca: '%4$s', cert: '%5$s', key-password: "only-for-this-test"}}
            routes:
              all:
                from: {mqtt: 'a/#'}
                to:
                  - kafka: {topic: t}
                  - kafka2: {topic: t}
                  - amqp: {address: t}
                  - basic: {path: /a}
                  - token: {path: /a, query: {access_token: "${CANARY_21}"}, headers: {x-api-key: "${CANARY_22}"}}
                  - camel: "http://127.0.0.1:%2$d/a?authMethod=Basic&authUsername=u&authPassword=${CANARY_23}"
                  - oauth: {path: /a}
                  - proxy: {path: /a}
                  - coap: {path: /a}
                  - broker: {topic: t}
                  - secured: {address: t}
                delivery: {retry: {initial: 50ms, max: 500ms}}
              in: {from: {http-in: {path: /in}}, to: {mqtt: {topic: b}}}
            """;

    /** What would lead out of this machine, or to what is not there. */
    private static final String MORE = """
            listeners:
              url: 'mqtts://127.0.0.1:0'
              tls: {cert: a.p12, key-password: "${CANARY_15}", sni: [{cert: b.p12, key-password: "${CANARY_16}"}]}
            admin: {tokens: {u: {token: "${CANARY_17}${CANARY_17}${CANARY_17}", role: viewer}}}
            security:
              authenticate:
                - jwt: {secret: "${CANARY_18}${CANARY_18}${CANARY_18}", issuer: u, audience: u, role: r}
                - introspection: {url: 'https://127.0.0.1:1/i', client-id: u, client-secret: "${CANARY_19}", role: r}
                - http: {url: 'https://127.0.0.1:1/h', token: "${CANARY_20}", role: r}
              roles: {r: {publish: ['#']}}
            endpoints:
              azure:
                mqtt:
                  url: 'mqtts://hub.azure-devices.net:8883'
                  client-id: u
                  preset: azure-iot-hub
                  shared-access-key: "${CANARY_13}"
              sqs: {camel: {preset: aws-sqs, region: eu-west-1, account: "123456789012", access-key: AKIA1, secret-key: "${CANARY_14}"}}
            """;

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> environment = new LinkedHashMap<>();
    private final StringBuffer said = new StringBuffer();

    private static String canary(int number) {
        return CANARY.formatted(number);
    }

    /** A server that refuses everybody and repeats what it was told. */
    private HttpServer refusing() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", CanaryIT::refuse);
        server.start();
        return server;
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] told = (exchange.getRequestHeaders().entrySet() + " "
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(401, told.length);
            exchange.getResponseBody().write(told);
        }
    }

    /** A broker that knows no password. */
    private static ServerSocket broker() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(
                () -> {
                    while (!socket.isClosed()) {
                        try (Socket gateway = socket.accept();
                                InputStream in = gateway.getInputStream()) {
                            if (in.read() >= 0) {
                                gateway.getOutputStream().write(REFUSED_CONNACK);
                                in.transferTo(OutputStream.nullOutputStream());
                            }
                        } catch (IOException closed) {
                            // the next one, or the end
                        }
                    }
                },
                "broker");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private Path written(String name, String yaml) throws IOException {
        return Files.writeString(folder.resolve(name), yaml);
    }

    private String opened(int http, int mqtt) throws IOException {
        Path secret = written("canary", canary(3) + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        TestCertificates certificates = TestCertificates.in(folder);
        return OPENED.formatted(
                folder,
                http,
                mqtt,
                certificates.authority(),
                certificates.client("u").store());
    }

    private GatewaySettings read(Path file) throws Exception {
        return new ConfigFile(Connectors.all(), environment::get).read(file);
    }

    @Test
    @DisplayName("are nowhere in what the gateway logs at trace, prints, answers, measures, and says of its settings")
    void nowhere() throws Exception {
        for (int i = 1; i <= MOST; i++) {
            environment.put("CANARY_" + i, canary(i));
        }
        HttpServer http = refusing();
        try (ServerSocket mqtt = broker()) {
            Path opened = written("opened.yaml", opened(http.getAddress().getPort(), mqtt.getLocalPort()));
            Path more = written("more.yaml", MORE);
            Path wrong =
                    written("wrong.yaml", MORE.replace("aws-sqs", "aws-sqz").replace("mqtts:", "mqtt:"));
            SecretKeys keys = new SecretKeys();
            for (Path file : List.of(opened, more)) {
                GatewaySettings settings = read(file);
                StringBuffer own = new StringBuffer(settings.toString());
                keys.look(settings, own);
                said.append(withoutPlainTexts(own));
            }
            List<Class<?>> roots = new ArrayList<>(List.of(GatewaySettings.class));
            for (Connector<?, ?, ?> connector : Connectors.all()) {
                roots.addAll(List.of(connector.endpointSettings(), connector.fromSettings(), connector.toSettings()));
            }
            assertThat(keys.seen())
                    .as("secret keys with a canary: a new one belongs into the files of this test")
                    .isEqualTo(SecretKeys.of(roots));

            for (Path file : List.of(opened, more, wrong)) {
                check(file);
            }
            for (Path file : List.of(opened, more)) {
                assertWarned(file);
            }
            run(opened);

            assertNoCanary();
        } finally {
            http.stop(0);
        }
    }

    /** Headers, parameters and URIs are no secrets for the settings, which nobody prints, but they are for all that does. */
    private static String withoutPlainTexts(StringBuffer settings) {
        return settings.toString()
                .replace(canary(21), "")
                .replace(canary(22), "")
                .replace(canary(23), "");
    }

    /** A new secret key, which the test wants in its files, is so seen to be warned of where it stands. */
    private void assertWarned(Path file) throws IOException {
        Path literal = written(
                "literal-" + file.getFileName(),
                Files.readString(file)
                        .replaceAll("[$][{](CANARY_\\d+|file:[^}]*)}", CANARY.formatted(25))
                        .replace("\"" + TestCertificates.PASSWORD, "\"" + CANARY.formatted(26)));
        List<String> places = new ArrayList<>();
        List<String> lines = Files.readAllLines(literal);
        for (int line = 0; line < lines.size(); line++) {
            Matcher secret = Pattern.compile("\"[^\"]*cAnArY").matcher(lines.get(line));
            while (secret.find()) {
                places.add(literal + ":" + (line + 1) + ":" + (secret.start() + 1));
            }
        }
        StringWriter printed = check(literal);
        assertThat(printed.toString().lines().filter(line -> line.contains(": a secret stands in the file itself")))
                .as(printed.toString())
                .extracting(line -> line.replaceFirst(": warning: .*", ""))
                .containsExactlyElementsOf(places);
    }

    private StringWriter check(Path file) {
        StringWriter printed = new StringWriter();
        CommandLine gantry = Main.commandLine(environment::get);
        gantry.setOut(new PrintWriter(printed, true));
        gantry.setErr(new PrintWriter(printed, true));
        gantry.execute("check", "-c", file.toString());
        said.append(printed);
        return printed;
    }

    private ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.gantry.app.Main",
                "--log-level=trace"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
    }

    private void run(Path file) throws Exception {
        Process gateway = command("run", "-c", file.toString()).start();
        Thread reader = new Thread(() -> listen(gateway), "reader");
        reader.start();
        try {
            int admin = port(gateway, "admin http://127\\.0\\.0\\.1:(\\d+)");
            int device = port(gateway, "listener mqtt://127\\.0\\.0\\.1:(\\d+)");
            publish(device);
            // each target has been tried and has failed
            await().until(() -> failures(ask(admin, "GET", "/api/v1/status")) >= FAILING);
            for (String path :
                    List.of("/metrics", "/health/ready", "/api/v1/status", "/api/v1/dead-letters", "/no/such")) {
                said.append(ask(admin, "GET", path));
            }
            said.append(ask(admin, "GET", "/api/v1/dead-letters?route=" + canary(29))
                    .replace(canary(29), ""));
            said.append(ask(admin, "POST", "/api/v1/dead-letters/replay"));
        } finally {
            gateway.destroy();
            assertThat(gateway.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            reader.join();
        }
    }

    private void listen(Process gateway) {
        gateway.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> said.append(line)
                .append('\n'));
    }

    private int port(Process gateway, String line) {
        Pattern pattern = Pattern.compile(line);
        await().until(() -> !gateway.isAlive() || said.indexOf("\nready") >= 0);
        Matcher found = pattern.matcher(said);
        assertThat(found.find()).as(said.toString()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** By a device whose password nobody asked for. */
    private static void publish(int port) throws Exception {
        Mqtt5AsyncClient device =
                TestGateway.client("device", port).useMqttVersion5().buildAsync();
        device.connectWith()
                .simpleAuth()
                .username("u")
                .password(canary(28).getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        device.publishWith()
                .topic("a/1")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(canary(27).getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        device.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static long failures(String status) {
        return Pattern.compile("\"lastError\":\"").matcher(status).results().count();
    }

    private static String ask(int port, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString("{\"token\":\"" + canary(30) + "\"}"))
                .header("Authorization", "Bearer " + canary(30))
                .build();
        return HTTP.send(request, BodyHandlers.ofString()).body();
    }

    private void assertNoCanary() {
        String all = said.toString();
        assertThat(all).contains("[hidden]").contains("gantry_").contains("ready");
        List<String> shapes = new ArrayList<>(List.of(TestCertificates.PASSWORD, "canary", "secretxx"));
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        for (int i = 1; i <= MOST; i++) {
            byte[] bytes = canary(i).getBytes(StandardCharsets.UTF_8);
            shapes.add(base64.encodeToString(bytes).toLowerCase(Locale.ROOT));
            shapes.add(HexFormat.of().formatHex(bytes));
            shapes.add(base64.encodeToString(("u:" + canary(i)).getBytes(StandardCharsets.UTF_8))
                    .toLowerCase(Locale.ROOT));
        }
        // the names of variables and the file may be said
        String quiet = all.toLowerCase(Locale.ROOT)
                .replaceAll("\\$\\{(canary_\\d+|file:[^}]*)}", "")
                .replace("${file:" + folder.toString().toLowerCase(Locale.ROOT) + "/canary}", "");
        assertThat(shapes).filteredOn(quiet::contains).isEmpty();
    }
}
