// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.admin.Role;
import io.gantry.admin.TokenSettings;
import io.gantry.api.Payload;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.Secret;
import io.gantry.delivery.Ledger;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("The commands that ask a running gateway")
class AdminCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Map<String, String> environment = Map.of();
    private ShownGateway gateway;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        gateway = new ShownGateway(directory);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    @Test
    @DisplayName("status shows the gateway, its store and endpoints, and the books of every route as a table")
    void status() {
        gateway.ledger("telemetry", Ledger.State.DELIVERING, null);
        gateway.ledger("orders.up", Ledger.State.PARKED, "no such topic\nfor \u001b[2Jus " + "x".repeat(100));

        int exit = ask("status");

        assertThat(err).hasToString("");
        assertThat(exit).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).matches("gantry 1\\.2\\.3, up \\d+s, 5 connected");
        assertThat(lines.subList(1, 11))
                .containsExactly(
                        "store ready",
                        "dead letters 0 (99 bytes)",
                        "endpoint plant connected",
                        "endpoint erp waiting: refused\\u001b[31m; refused 2",
                        "route orders parked: down.received 9, down.looped 2",
                        "route telemetry delivering",
                        "",
                        "route      target  state       accepted  delivered  dead  expired  dropped  waiting  oldest"
                                + "  last error",
                        "telemetry  plant   delivering  10        3          2     1        2        2        1h1m    -",
                        "orders.up  plant   parked      10        3          2     1        2        2        1h1m    "
                                + "no such topic\\u000afor \\u001b[2Jus " + "x".repeat(55) + "…");
    }

    @Test
    @DisplayName("status --json prints what the gateway answers")
    void statusAsJson() {
        gateway.ledger("telemetry", Ledger.State.RETRYING, "away");

        assertThat(ask("status", "--json")).isZero();

        assertThat(out.toString()).startsWith("{").contains("\"state\" : \"retrying\"", "\"oldestMillis\" : 3661000");
    }

    @Test
    @DisplayName("status finds the gateway through the file it was started with")
    void addressOfFile() throws IOException {
        Path file = Files.writeString(
                directory.resolve("g.yaml"),
                "listeners: [mqtt://127.0.0.1:1]\nadmin: {listen: \"127.0.0.1:" + gateway.port() + "\"}\n");

        assertThat(gantry("status", "-c", file.toString())).isZero();

        assertThat(out.toString()).startsWith("gantry 1.2.3");
    }

    @DisplayName("say when the file cannot tell where the gateway is")
    @ParameterizedTest
    @CsvSource({"'admin: {enabled: false}',no admin port", "'admin: {listen: \"127.0.0.1:0\"}',name it with --admin"})
    void noAddress(String admin, String said) throws IOException {
        Path file = Files.writeString(directory.resolve("g.yaml"), "listeners: [mqtt://127.0.0.1:1]\n" + admin + "\n");

        assertThat(gantry("status", "-c", file.toString())).isEqualTo(2);

        assertThat(err.toString()).contains(file.toString(), said);
    }

    @Test
    @DisplayName("say in one line that nobody answers, with the address, and end with 1")
    void nobody() throws Exception {
        String url = "http://127.0.0.1:" + gateway.port();
        gateway.close();

        assertThat(gantry("status", "--admin", url)).isEqualTo(1);
        assertThat(gantry("dead-letters", "list", "--admin", url)).isEqualTo(1);

        assertThat(out).hasToString("");
        assertThat(err.toString().lines()).hasSize(2).allSatisfy(line -> assertThat(line)
                .startsWith("gantry: no gateway answers at " + url));
        gateway = new ShownGateway(directory);
    }

    @DisplayName("say that something else answers, and end with 1")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"UP\"}"
            })
    void somethingElse(String answer) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerOnce(other, answer));
            server.start();

            assertThat(gantry("status", "--admin", "http://127.0.0.1:" + other.getLocalPort()))
                    .isEqualTo(1);
            server.join(Patience.SECONDS * 1_000L);
        }

        assertThat(err.toString().lines()).singleElement().asString().contains("it is no admin port of Gantry");
    }

    private static void answerOnce(ServerSocket other, String answer) {
        try (var connection = other.accept()) {
            int read = connection.getInputStream().read(new byte[2_000]);
            if (read > 0) {
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Test
    @DisplayName("dead-letters list shows a line for each, however many pages, with what devices made escaped")
    void list() {
        gateway.letter("dev\u001b[31m", "a/\u202eb", Payload.ofText("x"), "too large\r\nfor all");
        for (int i = 0; i < 149; i++) {
            gateway.letter("d", "t", Payload.EMPTY, "e");
        }

        int exit = ask("dead-letters", "list", "--limit", "1000");

        assertThat(exit).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(151);
        assertThat(lines.get(0)).matches("number  given up +route +id +from +topic +qos +attempts +size +error");
        assertThat(lines.get(1))
                .matches("1 +1970-01-01T00:01:00Z +telemetry +10-1 +dev\\\\u001b\\[31m .*")
                .contains("a/\\u202eb")
                .endsWith("too large\\u000d\\u000afor all");
        assertThat(lines.get(150)).startsWith("150 ");
    }

    @Test
    @DisplayName("dead-letters list shows no more than asked for, and says that there may be more")
    void listLimited() {
        for (int i = 0; i < 5; i++) {
            gateway.letter("d", "t", Payload.EMPTY, "e");
        }

        assertThat(ask("dead-letters", "list", "--limit", "2")).isZero();

        assertThat(out.toString().lines()).hasSize(4).last().isEqualTo("… and maybe more: --limit shows them");
    }

    @Test
    @DisplayName("dead-letters show prints everything of one, escaped")
    void show() {
        gateway.letter("dev", "a", Payload.ofText("\u001b]0;title\u0007 and text"), "e");

        assertThat(ask("dead-letters", "show", "1")).isZero();
        assertThat(ask("dead-letters", "show", "9")).isEqualTo(1);

        assertThat(out.toString().lines())
                .contains(
                        "number: 1",
                        "topic: a",
                        "Content Type: text/plain",
                        "user line\\u001b: 7\\u202e",
                        "payload (19 bytes): \\u001b]0;title\\u0007 and text");
        assertThat(err.toString()).contains("there is no dead letter 9");
    }

    @Test
    @DisplayName("dead-letters replay and drop say how many, and what was left")
    void change() {
        assertThat(ask("dead-letters", "replay", "--route", "telemetry/plant", "--dry-run"))
                .isZero();
        assertThat(ask("dead-letters", "replay", "--id", "10-1")).isZero();
        assertThat(ask("dead-letters", "drop", "--all")).isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "would be replayed: 4",
                        "left: 1 (its route is gone)",
                        "replayed: 4",
                        "left: 1 (its route is gone)",
                        "dropped: 5");
        assertThat(gateway.changes).hasSize(3);
        assertThat(gateway.changes.get(0)).contains("route=telemetry/plant").endsWith(" dry");
        assertThat(gateway.changes.get(2)).startsWith("drop ").contains("route=null, id=null");
    }

    @Test
    @DisplayName("dead-letters take times, and how long ago")
    void times() {
        long before = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();

        assertThat(ask("dead-letters", "drop", "--from", "2026-11-21T18:00:00Z", "--to=2026-11-21T20:00:00+01:00"))
                .isZero();
        assertThat(ask("dead-letters", "drop", "--from", "-1h")).isZero();

        assertThat(gateway.changes.get(0))
                .contains("fromMillis=" + Instant.parse("2026-11-21T18:00:00Z").toEpochMilli())
                .contains(
                        "beforeMillis=" + Instant.parse("2026-11-21T19:00:00Z").toEpochMilli());
        long from = Long.parseLong(gateway.changes.get(1).replaceAll(".*fromMillis=(-?\\d+).*", "$1"));
        assertThat(from).isBetween(before, Instant.now().toEpochMilli());
    }

    @DisplayName("change nothing when they are used wrongly, and end with 2")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "dead-letters",
                "dead-letters drop",
                "dead-letters replay",
                "dead-letters drop --dry-run",
                "dead-letters drop --all --route telemetry",
                "dead-letters drop --from yesterday",
                "dead-letters list --limit 0",
                "dead-letters show",
                "dead-letters show one",
                "dead-letters show 0",
                "status --admin ftp://127.0.0.1:1",
                "status --admin http://user:secret@127.0.0.1:1",
                "status --admin 127.0.0.1:8080",
                "status --admin http://127.0.0.1:1/path"
            })
    void misused(String line) {
        assertThat(gantry(line.split(" "))).isEqualTo(2);

        assertThat(gateway.changes).isEmpty();
        assertThat(err.toString()).isNotBlank();
    }

    @Test
    @DisplayName("use https, and show the token of a file or of the environment, never of an argument")
    void overHttps() throws Exception {
        String token = "operator-0123456789abcdef0123456789abcdef";
        TestCertificates authority = TestCertificates.in(directory);
        ServerTlsSettings tls = tls(authority.server("127.0.0.1"));
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Path file = Files.writeString(directory.resolve("token"), token + "\n");
        Map<String, TokenSettings> tokens = Map.of("alice", new TokenSettings(new Secret(token), Role.OPERATOR));
        try (ShownGateway secured = new ShownGateway(kept, tls, tokens)) {
            String url = "https://127.0.0.1:" + secured.port();
            String ca = authority.authority().toString();

            assertThat(gantry("status", "--admin", url, "--ca-file", ca, "--token-file", file.toString()))
                    .isZero();
            environment = Map.of("GANTRY_ADMIN_TOKEN", token);
            assertThat(gantry("dead-letters", "drop", "--all", "--admin", url, "--ca-file", ca))
                    .isZero();
            environment = Map.of();
            assertThat(err).hasToString("");
            assertThat(gantry("status", "--admin", url, "--ca-file", ca)).isEqualTo(1);
            assertThat(gantry("status", "--admin", url, "--token-file", file.toString()))
                    .isEqualTo(1);
        }

        assertThat(out.toString()).contains("gantry 1.2.3", "dropped: 5");
        assertThat(err.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("GANTRY_ADMIN_TOKEN"))
                .anyMatch(line -> line.contains("--ca-file"));
        assertThat(Files.readString(kept.resolve("audit.jsonl"))).contains("\"who\":\"alice\"", "\"result\":\"done\"");
        assertThat(err.toString() + out).doesNotContain(token);
    }

    @DisplayName("refuse files of which nothing can be made, and a token for another machine without TLS")
    @ParameterizedTest
    @CsvSource({
        "--token-file missing,cannot read missing",
        "--token-file /dev/null,is empty",
        "--ca-file missing,missing",
        "--ca-file /dev/null,holds no certificate"
    })
    void unusableFiles(String option, String said) {
        assertThat(gantry(("status --admin http://127.0.0.1:1 " + option).split(" ", -1)))
                .isEqualTo(2);

        assertThat(err.toString()).contains(said);
    }

    @Test
    @DisplayName("send no token to another machine without TLS")
    void plainToken() {
        environment = Map.of("GANTRY_ADMIN_TOKEN", "operator-0123456789abcdef0123456789abcdef");

        assertThat(gantry("status", "--admin", "http://192.0.2.1:8080")).isEqualTo(2);

        assertThat(err.toString()).contains("only by https").doesNotContain("0123456789abcdef");
    }

    private static ServerTlsSettings tls(TestCertificates.Identity server) {
        return new ServerTlsSettings(
                server.cert().toString(),
                server.key().toString(),
                null,
                List.of(),
                null,
                null,
                null,
                false,
                Duration.ofSeconds(5));
    }

    private int ask(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--admin";
        all[arguments.length + 1] = "http://127.0.0.1:" + gateway.port();
        return gantry(all);
    }

    private int gantry(String... arguments) {
        CommandLine gantry = Main.commandLine(environment::get);
        gantry.setOut(new PrintWriter(out, true));
        gantry.setErr(new PrintWriter(err, true));
        return gantry.execute(arguments);
    }
}
