// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@DisplayName("[G7] A secret in a URI, a header or a parameter")
class SecretsInUrisTest {
    private static final String CANARY = "cAnArYsEcReT";
    private static final String WARNING =
            "a secret stands in the file itself, expected ${NAME} from the environment or ${file:PATH}";

    @TempDir
    private Path directory = Path.of("");

    private String check(String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("g.yaml"), "listeners: mqtt://127.0.0.1:0\n" + yaml);
        StringWriter printed = new StringWriter();
        CommandLine gantry = Main.commandLine(Map.of("CANARY", CANARY)::get);
        gantry.setOut(new PrintWriter(printed, true));
        gantry.setErr(new PrintWriter(printed, true));
        gantry.execute("check", "-c", file.toString());
        return printed.toString().replace(file.toString(), "g.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mqtt: {url: 'mqtt://u:cAnArYsEcReT@h'}",
                "mqtt: {url: 'http://u:cAnArYsEcReT@h'}",
                "mqtt: {url: 'mqtt://u:cAnArY/sEcReTcAnArYsEcReT@h:99999'}",
                "mqtt: {url: 'mqtt://h/p?token=cAnArYsEcReT'}",
                "amqp: {url: 'amqp://u:cAnArYsEcReT@h'}",
                "http: {url: 'http://u:cAnArYsEcReT@h'}",
                "http: {listen: {address: 'https://u:cAnArYsEcReT@h:80'}}",
                "http: {listen: {address: 'u:cAnArYsEcReT@h:80'}}",
                "coap: {url: 'coap://u:cAnArYsEcReT@h'}",
                "kafka: {brokers: 'u:cAnArYsEcReT@h:9092'}",
                "kafka: {brokers: 'https://u:cAnArYsEcReT@h:9092'}"
            })
    @DisplayName("is not shown where the endpoint refuses it")
    void refused(String endpoint) throws IOException {
        assertThat(check("endpoints: {b: {" + endpoint + "}}\n"))
                .contains("g.yaml:2:")
                .doesNotContain(CANARY);
    }

    @Test
    @DisplayName("is not shown where a listener or the admin port refuses it")
    void refusedListener() throws IOException {
        assertThat(check("admin: {listen: 'http://u:" + CANARY + "@h:80'}\n"))
                .contains("g.yaml:2:", "u:[hidden]@h")
                .doesNotContain(CANARY);
        assertThat(check("security: {anonymous: 'http://u:" + CANARY + "@h:80'}\n"))
                .contains("g.yaml:2:")
                .doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sftp://u:cAnArYsEcReT@h/d",
                "sftp:u:cAnArYsEcReT@h/d",
                "sftp://u:cAnArY/sEcReTcAnArYsEcReT@h/d",
                "sftp://h/d?password=cAnArYsEcReT",
                "telegram:bots?authorizationToken=cAnArYsEcReT",
                "sftp://h/d?privateKeyPassphrase=RAW(a&cAnArYsEcReT)"
            })
    @DisplayName("of a Camel component is not in the table of routes, and is warned of with its place")
    void camel(String uri) throws IOException {
        assertThat(check("routes: {r: {from: {mqtt: 'a/#'}, to: {camel: '" + uri + "'}}}\n"))
                .contains("g.yaml:2:47: warning: uri: " + WARNING, "mqtt a/#  camel")
                .doesNotContain(CANARY);
        assertThat(check("endpoints: {b: {camel: {}}}\nroutes: {r: {from: {mqtt: 'a/#'}, to: {b: {uri: '" + uri
                        + "'}}}}\n"))
                .contains("g.yaml:3:49: warning: uri: " + WARNING, "mqtt a/#  b ")
                .doesNotContain(CANARY);
        assertThat(check("routes: {r: {from: {mqtt: 'a/#'}, to: {camel: \"" + uri.replace(CANARY, "${CANARY}")
                        + "\"}}}\n"))
                .contains("mqtt a/#  camel")
                .doesNotContain(CANARY, "warning");
    }

    @Test
    @DisplayName("as a fixed header or parameter of requests is warned of with its place")
    void fixed() throws IOException {
        String yaml = """
                endpoints: {b: {http: {url: 'http://h'}}}
                routes:
                  r:
                    from: {mqtt: 'a/#'}
                    to:
                      - b: {path: /a, headers: {x-api-key: cAnArYsEcReT}}
                      - b: {path: /a, query: {access_token: cAnArYsEcReT, site: x}}
                      - b: {path: /a, headers: {x-token: '{user.token}', x-key: "${CANARY}"}}
                """;

        assertThat(check(yaml).lines().filter(line -> line.contains("warning")))
                .containsExactly(
                        "g.yaml:7:44: warning: x-api-key: " + WARNING,
                        "g.yaml:8:45: warning: access_token: " + WARNING);
        assertThat(check(yaml)).doesNotContain(CANARY);
    }
}
