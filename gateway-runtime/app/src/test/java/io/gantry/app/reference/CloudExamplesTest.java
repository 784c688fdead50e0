// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.connectors.amqp.AmqpConnector;
import io.gantry.connectors.amqp.AmqpPreset;
import io.gantry.connectors.kafka.KafkaConnector;
import io.gantry.connectors.kafka.KafkaPreset;
import io.gantry.connectors.mqtt.MqttConnector;
import io.gantry.connectors.mqtt.MqttPreset;
import io.gantry.connectors.spi.Connector;
import io.gantry.routes.CamelPreset;
import io.gantry.routes.CamelUriConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

@DisplayName("The examples of cloud services, with an account that does not exist")
class CloudExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "..", "config", "examples", "clouds");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Connector<?, ?, ?>> CONNECTORS =
            List.of(new KafkaConnector(), new AmqpConnector(), new MqttConnector(), new CamelUriConnector());
    private static final Map<String, String> ACCOUNT = Map.of(
            "AWS_ACCOUNT",
            "123456789012",
            "AWS_ACCESS_KEY_ID",
            "AKIAEXAMPLE",
            "GOOGLE_PROJECT",
            "plant-1",
            "IOT_HUB_DEVICE_KEY",
            Base64.getEncoder().encodeToString("canary".getBytes(StandardCharsets.UTF_8)));

    @TempDir
    private Path directory = Path.of("");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.sorted().toList();
        }
    }

    private String environment(String name) {
        if (!name.endsWith("_FILE")) {
            return ACCOUNT.getOrDefault(name, name.endsWith("_HOST") ? "cloud.example" : "canary");
        }
        try {
            return Files.writeString(directory.resolve(name), "").toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @DisplayName("pass gantry check, routes and limits included, and print no secret")
    @ParameterizedTest
    @MethodSource("files")
    void checked(Path file) throws Exception {
        GatewaySettings settings = new ConfigFile(CONNECTORS, this::environment).read(file);

        assertThat(settings.routes()).isNotEmpty();
        assertThat(settings.endpoints().toString()).contains("preset=").doesNotContain("password=canary");
    }

    @DisplayName("are what the schema describes")
    @ParameterizedTest
    @MethodSource("files")
    void describedBySchema(Path file) throws IOException {
        JsonNode schema = JSON.readTree(Schema.of(Sections.of(CONNECTORS)));
        Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));

        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(schema)
                        .validate(JSON.valueToTree(content)))
                .isEmpty();
    }

    @Test
    @DisplayName("there is one for each preset, and docs/clouds.md names each")
    void eachPreset() throws IOException {
        String examples = files().stream().map(CloudExamplesTest::text).collect(Collectors.joining());
        String docs = text(Path.of("..", "..", "docs", "clouds.md"));

        Stream.of(MqttPreset.values(), KafkaPreset.values(), AmqpPreset.values(), CamelPreset.values())
                .flatMap(Stream::of)
                .forEach(preset -> {
                    assertThat(examples).contains("preset: " + preset);
                    assertThat(docs).contains("preset: " + preset);
                });
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
