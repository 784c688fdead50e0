// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.yaml.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@DisplayName("The files in config/")
class ConfigFilesTest {
    private static final Path CONFIG = Path.of("..", "..", "config");
    private static final Path CLOUDS = CONFIG.resolve("examples").resolve("clouds");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** But for those of cloud services, which {@code CloudExamplesTest} reads: they need names and keys of an account. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(CONFIG)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.startsWith(CLOUDS))
                    .sorted()
                    .toList();
        }
    }

    @DisplayName("can be read, and need nothing from the environment")
    @ParameterizedTest
    @MethodSource("files")
    void readable(Path file) throws InvalidConfigException {
        GatewaySettings settings = new ConfigFile(Connectors.all(), Map.<String, String>of()::get).read(file);

        assertThat(settings.routes()).isNotEmpty();
    }

    @DisplayName("are what the schema describes")
    @ParameterizedTest
    @MethodSource("files")
    void describedBySchema(Path file) throws IOException {
        assertThat(violations(Files.readString(file))).isEmpty();
    }

    @DisplayName("have a schema that finds mistakes")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "lisners: mqtt://h",
                "limits: {}",
                "listeners: {url: mqtt://h, max-packet-size: large}",
                "listeners: mqtt://h\nshutdown-timeout: 5",
                "listeners: mqtt://h\nlimits: {max-inflight: many}",
                "listeners: mqtt://h\nendpoints: {a: {kafka: {brokers: b, compression: best}}}",
                "listeners: mqtt://h\nendpoints: {a: {kafka: {topic: b}}}",
                "listeners: mqtt://h\nroutes: {a: {from: {mqtt: x}, to: {mqtt: {topic: y, qos: 3}}}}",
                "listeners: mqtt://h\nroutes: {a: {from: {mqtt: x}}}"
            })
    void mistakes(String yaml) throws IOException {
        assertThat(violations(yaml)).isNotEmpty();
    }

    @Test
    @DisplayName("have a schema that accepts short and long forms and placeholders")
    void accepted() throws IOException {
        assertThat(violations("""
                        listeners: mqtt://h
                        limits:
                        shutdown-timeout: ${STOP}
                        endpoints: {a: {kafka: "h:1"}, b: {kafka: {brokers: [h, i], max-request-size: "${SIZE:-1KiB}"}}}
                        routes:
                          r: {from: {a: t}, to: {mqtt: {topic: 5, qos: 2, retain: "${R}"}}}
                          s: {from: {mqtt: "a/b"}, to: [a: t, b: {topic: t, key: k}], delivery: {max-in-flight: 5}}
                        """)).isEmpty();
    }

    private static List<String> violations(String yaml) throws IOException {
        JsonNode schema = JSON.readTree(Files.readString(CONFIG.resolve("gantry.schema.json")));
        Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(schema)
                .validate(JSON.valueToTree(content))
                .stream()
                .map(Object::toString)
                .toList();
    }
}
